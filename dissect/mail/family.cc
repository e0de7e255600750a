#include "dissect/mail/family.h"

#include "dissect/mail/imap_dissector.h"
#include "dissect/mail/pop3_dissector.h"
#include "dissect/mail/recognise.h"
#include "dissect/mail/smtp_dissector.h"

namespace remora::mail {

Family smtp_family() {
  return {.protocol = kSmtp,
          .carries_no_session = true,
          .recognise = &recognise_smtp,
          .make = [](const Context& context) -> std::unique_ptr<Dissector> {
            return std::make_unique<SmtpDissector>(context);
          }};
}

Family pop3_family() {
  return {.protocol = kPop3,
          .carries_no_session = true,
          .recognise = &recognise_pop3,
          .make = [](const Context& context) -> std::unique_ptr<Dissector> {
            return std::make_unique<Pop3Dissector>(context);
          }};
}

Family imap_family() {
  return {.protocol = kImap,
          .carries_no_session = true,
          .recognise = &recognise_imap,
          .make = [](const Context& context) -> std::unique_ptr<Dissector> {
            return std::make_unique<ImapDissector>(context);
          }};
}

}  // namespace remora::mail
