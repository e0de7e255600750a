#include "dissect/http/document.h"

#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/ticket_texts.h"

namespace remora::http {
namespace {

constexpr auto kServer = Side::kAcceptor;

struct Seen {
  std::string told;
  bool wanted{false};
};

/// "seen a.msrcIncident /a; " or "refused …"
[[nodiscard]] std::string told(const std::vector<Finding>& found) {
  std::string text;
  for (const auto& finding : found) {
    if (const auto* seen = std::get_if<observation::TicketSeen>(&finding.what)) {
      text += "seen " + seen->carriage.file_name + " " + seen->carriage.place + "; ";
    } else if (const auto* refused = std::get_if<observation::TicketRefused>(&finding.what)) {
      text += "refused " + refused->carriage.file_name + " " + refused->error + "; ";
    } else if (const auto* anomaly = std::get_if<observation::Anomaly>(&finding.what)) {
      text += anomaly->code + "; ";
    }
  }
  return text;
}

[[nodiscard]] Seen watch(const Document::Description& description, const std::string& content,
                         std::size_t piece = 1U << 20U, bool end = true) {
  Document document{description, nothing_given()};
  Findings out;
  for (std::size_t at = 0; at < content.size(); at += piece) {
    document.on_content(kServer, as_bytes(std::string_view{content}.substr(at, piece)), {}, out);
  }
  const bool wanted = document.wanted();
  if (end) { document.on_end(kServer, {}, out); }
  return {.told = told(out.found()), .wanted = wanted};
}

const std::string kTicket = testing::xp_ticket();

TEST(HttpDocument, FindsATicketWhateverItsType) {
  for (const auto* type :
       {"", "text/xml", "application/x-msrcincident", "image/png", "text/html"}) {
    for (const std::size_t piece : {1U, 3U, 100U, 100'000U}) {
      const auto seen = watch({.content_type = type, .file_name = "a.msrcIncident", .place = "/a"},
                              kTicket, piece);
      EXPECT_EQ(seen.told, "seen a.msrcIncident /a; ") << type;
    }
  }
}

TEST(HttpDocument, TakesTheNameThatTheDispositionTells) {
  EXPECT_EQ(watch({.content_type = "",
                   .content_disposition = "attachment; filename=\"In vitation.msrcIncident\"",
                   .file_name = "get.php",
                   .place = ""},
                  kTicket)
                .told,
            "seen In vitation.msrcIncident ; ");
}

TEST(HttpDocument, PassesOverWhatCannotBeOne) {
  const std::string page = "<!DOCTYPE html><html>" + std::string(5000, ' ');
  EXPECT_FALSE(watch({.content_type = "text/html"}, page).wanted);
  EXPECT_TRUE(watch({.content_type = "text/plain"}, page).wanted);
  EXPECT_FALSE(watch({.content_type = "image/png"}, "\x89PNG\r\n").wanted);
  EXPECT_FALSE(
      watch({.content_type = ""}, std::string("PK\x03\x04\0\0", 6) + std::string(600, 'x')).wanted);
  EXPECT_FALSE(watch({.content_type = "", .content_encoding = "br"}, kTicket).wanted);
}

TEST(HttpDocument, FindsTheFilesOfAForm) {
  const std::string form =
      "--frontier\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n"
      "--frontier\r\nContent-Disposition: form-data; name=\"f\"; "
      "filename=\"Invitation.msrcIncident\"\r\n"
      "Content-Type: application/octet-stream\r\n\r\n" +
      kTicket + "\r\n--frontier--\r\n";
  for (const std::size_t piece : {1U, 7U, 1000U, 100'000U}) {
    EXPECT_EQ(watch({.content_type = "multipart/form-data; boundary=frontier"}, form, piece).told,
              "seen Invitation.msrcIncident ; ");
  }
}

TEST(HttpDocument, RefusesWhatIsCutOff) {
  const auto half = kTicket.substr(0, 150);
  EXPECT_EQ(watch({.file_name = "b.msrcIncident"}, half).told.substr(0, 24),
            "refused b.msrcIncident t");
  EXPECT_EQ(watch({.file_name = "b.msrcIncident"}, half, 7, false).told, "");
}

}  // namespace
}  // namespace remora::http
