#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/mail/family.h"
#include "dissect/tls/family.h"
#include "tests/support/ticket_texts.h"

/// Mails with tickets, and what was found in them.
namespace remora::mail {

[[nodiscard]] inline std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits{
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    unsigned group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group =
          group << 8U | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += at + i > bytes.size() ? '=' : kDigits[group >> (18 - 6 * i) & 63U];
    }
    if (at % 57 == 54) { text += "\r\n"; }
  }
  return text + "\r\n";
}

/// A mail with a ticket of Windows XP attached, in base64.
[[nodiscard]] inline std::string mail_with_ticket() {
  return "From: novice@corp.example\r\nSubject: Help\r\nMIME-Version: 1.0\r\n"
         "Content-Type: multipart/mixed; boundary=\"=_b\"\r\n\r\n"
         "--=_b\r\nContent-Type: text/plain\r\n\r\n"
         "A line.\r\n.msrcIncident begins this one\r\n..\r\n"
         "--=_b\r\nContent-Type: application/octet-stream\r\n"
         "Content-Transfer-Encoding: base64\r\n"
         "Content-Disposition: attachment; filename=\"Invitation.msrcIncident\"\r\n\r\n" +
         base64(testing::xp_ticket()) + "--=_b--\r\n";
}

/// As SMTP and POP3 send text: dots at the start of lines doubled, a dot at the end.
[[nodiscard]] inline std::string dotted(std::string text) {
  for (std::size_t at = 0; (at = text.find("\n.", at)) != std::string::npos; at += 3) {
    text.insert(at + 1, ".");
  }
  return text + ".\r\n";
}

/// "SMTP Dave in Invitation.msrcIncident at INBOX/17; deleted Dave at …; refused x; "
[[nodiscard]] inline std::string told(const std::vector<Finding>& found) {
  std::string text;
  std::vector<observation::Sha256> keys;
  std::vector<std::string> users;
  const auto describe = [&text](const observation::Carriage& carriage) {
    if (!carriage.file_name.empty()) { text += " in " + carriage.file_name; }
    if (!carriage.place.empty()) { text += " at " + carriage.place; }
    text += "; ";
  };
  for (const auto& finding : found) {
    if (const auto* seen = std::get_if<observation::TicketSeen>(&finding.what)) {
      text += std::string{seen->carriage.protocol} + " " + seen->ticket.user_name;
      keys.push_back(seen->ticket.key);
      users.push_back(seen->ticket.user_name);
      describe(seen->carriage);
    } else if (const auto* refused = std::get_if<observation::TicketRefused>(&finding.what)) {
      text += "refused " + refused->error;
      describe(refused->carriage);
    } else if (const auto* deleted = std::get_if<observation::CopyDeleted>(&finding.what)) {
      text += "deleted";
      for (std::size_t at = 0; at < keys.size(); ++at) {
        if (deleted->ticket == keys[at]) {
          text += " " + users[at];
          break;
        }
      }
      describe(deleted->carriage);
    } else if (const auto* anomaly = std::get_if<observation::Anomaly>(&finding.what)) {
      text += anomaly->code + "; ";
    }
  }
  return text;
}

/// What one side says in one go.
struct Said {
  Side from{};
  std::string text;
};
[[nodiscard]] inline Said client(std::string text) {
  return {.from = Side::kInitiator, .text = std::move(text)};
}
[[nodiscard]] inline Said server(std::string text) {
  return {.from = Side::kAcceptor, .text = std::move(text)};
}

/// Mail, and what it hands over to.
[[nodiscard]] inline Families mail_families() {
  static const std::array families{smtp_family(), pop3_family(), imap_family(), tls::family()};
  return families;
}

/// A conversation, and what it found.
struct Heard {
  Conversation conversation{mail_families(), nothing_given()};
  std::vector<Finding> found;

  void say(Side from, std::string_view text) {
    // Of exact size, so that the sanitizer sees a read past its end.
    const std::vector<char> bytes(text.begin(), text.end());
    conversation.on_bytes(from, as_bytes({bytes.data(), bytes.size()}), {}, found);
  }
};

/// Leads all that is said through a conversation, each in pieces of at most `size` bytes.
[[nodiscard]] inline Heard hear(const std::vector<Said>& talk,
                                std::size_t size = std::size_t{1} << 24U) {
  Heard heard;
  for (const auto& said : talk) {
    for (std::size_t at = 0; at < said.text.size(); at += size) {
      heard.say(said.from, std::string_view{said.text}.substr(at, size));
    }
  }
  return heard;
}

/// The law of splits: the same findings however the bytes come.
inline void expect_same_in_pieces(const std::vector<Said>& talk) {
  const auto whole = hear(talk);
  for (const std::size_t size : {1U, 2U, 3U, 5U, 7U, 16U, 50U, 400U}) {
    const auto pieces = hear(talk, size);
    ASSERT_EQ(told(pieces.found), told(whole.found)) << "pieces of " << size;
    for (std::size_t at = 0; at < whole.found.size(); ++at) {
      EXPECT_EQ(std::string_view{pieces.found[at].rule}, whole.found[at].rule);
      EXPECT_EQ(pieces.found[at].from, whole.found[at].from);
      EXPECT_TRUE(pieces.found[at].what == whole.found[at].what) << told(whole.found);
    }
  }
}

/// Nothing that is cut off, missing or changed does more harm than to be reported.
inline void expect_survives_damage(const std::vector<Said>& talk) {
  for (std::size_t at = 0; at < talk.size(); ++at) {
    for (std::size_t i = 0; i < talk[at].text.size(); ++i) {
      auto cut = talk;
      cut[at].text.resize(i);
      (void)hear(cut);
      for (const char flip : {'\x01', '\x80', '\xff'}) {
        auto changed = talk;
        changed[at].text[i] = static_cast<char>(changed[at].text[i] ^ flip);
        (void)hear(changed);
      }
    }
  }
}

}  // namespace remora::mail
