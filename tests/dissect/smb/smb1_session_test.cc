#include "dissect/smb/smb1_session.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/dissect/smb/file_messages.h"

namespace remora::smb {
namespace {

const std::string kTicket = testing::xp_ticket();
constexpr std::uint16_t kFid = 0x4007;

class Talk {
 public:
  Talk() {
    exchange(0x75, kNoChain + Laid{}.n(0, 2).n(1, 2).bytes(),
             std::string(1, '\0') + wide(R"(\\SRV\Support)") + std::string(2, '\0') + "A:",
             kNoChain + std::string(2, '\0'));
  }
  Talk& exchange(std::uint8_t command, const std::string& words, const std::string& bytes,
                 const std::string& answer_words, const std::string& answer_bytes = "",
                 std::uint32_t status = 0) {
    ++id_;
    said_.push_back({Side::kInitiator, on_transport(message1(command, id_, false, words, bytes))});
    said_.push_back({Side::kAcceptor, on_transport(message1(command, id_, true, answer_words,
                                                            answer_bytes, status))});
    return *this;
  }
  /// NT_CREATE_ANDX, [MS-CIFS] 2.2.4.64.
  Talk& open(std::string_view path, std::uint64_t size, std::uint32_t options = 0) {
    const auto words = kNoChain + Laid{}.zeros(35).n(options, 4).zeros(5).bytes();
    const auto answer = kNoChain + Laid{}.n(0, 1).n(kFid, 2).zeros(48).n(size, 8).zeros(5).bytes();
    return exchange(0xa2, words, '\0' + wide(path) + std::string(2, '\0'), answer);
  }
  /// WRITE_ANDX, 2.2.4.43; one byte of padding before the data.
  Talk& write(std::uint32_t offset, const std::string& content) {
    const auto words =
        kNoChain +
        Laid{}.n(kFid, 2).n(offset, 4).zeros(10).n(content.size(), 2).n(64, 2).zeros(4).bytes();
    return exchange(0x2f, words, '\0' + content, kNoChain + std::string(8, '\0'));
  }
  /// READ_ANDX, 2.2.4.42.
  Talk& read(std::uint32_t offset, const std::string& content) {
    const auto words = kNoChain + Laid{}.n(kFid, 2).n(offset, 4).zeros(14).bytes();
    const auto answer = kNoChain + Laid{}.zeros(6).n(content.size(), 2).n(60, 2).zeros(10).bytes();
    return exchange(0x2e, words, "", answer, '\0' + content);
  }
  Talk& close() { return exchange(0x04, Laid{}.n(kFid, 2).zeros(4).bytes(), "", ""); }
  /// DELETE 2.2.4.7 and RENAME 2.2.4.8.
  Talk& remove(std::string_view path, std::uint32_t status = 0) {
    return exchange(0x06, std::string(2, '\0'), '\4' + wide(path) + std::string(2, '\0'), "", "",
                    status);
  }
  [[nodiscard]] const std::vector<Spoken>& said() const { return said_; }

 private:
  std::vector<Spoken> said_;
  std::uint16_t id_{0};
};

TEST(Smb1Session, SeesWhatIsWrittenAndRead) {
  expect_files(Talk{}
                   .open("\\In\\A.MsRcIncident", 0)
                   .write(200, kTicket.substr(200))
                   .write(0, kTicket.substr(0, 200))
                   .close()
                   .said(),
               "seen A.MsRcIncident at \\support\\in\\a.msrcincident up; ");
  expect_files(Talk{}
                   .open("\\a", kTicket.size())
                   .read(0, kTicket.substr(0, 100))
                   .read(100, kTicket.substr(100))
                   .close()
                   .said(),
               "seen a at \\support\\a down; ");
}

TEST(Smb1Session, RefusesWhatTheEndOfTheConnectionCutsOff) {
  auto talk = Talk{}.open("\\a.msrcIncident", 0).write(0, kTicket.substr(0, 200)).said();
  talk.push_back({Side::kInitiator, "", true});
  expect_files(talk, "refused a.msrcIncident; ");
}

TEST(Smb1Session, ReadsTheOldCommandsToo) {
  // OPEN 2.2.4.3, WRITE 2.2.4.12, READ 2.2.4.11.
  const auto size = static_cast<std::uint16_t>(kTicket.size());
  const auto opened = Laid{}.n(kFid, 2).zeros(6).n(size, 4).zeros(2).bytes();
  const auto place = Laid{}.n(kFid, 2).n(size, 2).n(0, 4).n(0, 2).bytes();
  const auto content = Laid{}.n(1, 1).n(size, 2).text(kTicket).bytes();
  const auto name = '\4' + wide("\\a") + std::string(2, '\0');
  expect_files(Talk{}
                   .exchange(0x02, std::string(4, '\0'), name, opened)
                   .exchange(0x0b, place, content, Laid{}.n(size, 2).bytes())
                   .said(),
               "seen a at \\support\\a up; ");
  expect_files(Talk{}
                   .exchange(0x02, std::string(4, '\0'), name, opened)
                   .exchange(0x0a, place, "", Laid{}.n(size, 2).zeros(8).bytes(), content)
                   .said(),
               "seen a at \\support\\a down; ");
}

TEST(Smb1Session, TellsDeletionsAndRenames) {
  expect_files(Talk{}.remove("\\In\\a").said(), "deleted \\support\\in\\a; ");
  expect_files(Talk{}.remove("\\a", 0xc0000034).said(), "");
  expect_files(Talk{}.remove("\\*.MsRcIncident").said(), "");
  expect_files(Talk{}.open("\\a", 0, 0x1000).close().said(), "deleted \\support\\a; ");
  const auto names = '\4' + wide("\\a") + std::string(2, '\0') + '\4' + std::string(1, '\0') +
                     wide("\\b") + std::string(2, '\0');
  expect_files(Talk{}.exchange(0x07, std::string(2, '\0'), names, "").said(),
               "moved \\support\\a to \\support\\b; ");
}

TEST(Smb1Session, TellsADeletionAskedForByTheFile) {
  // TRANS2_SET_FILE_INFORMATION 2.2.6.9: parameters at 68, data at 76.
  const auto words =
      Laid{}.n(6, 2).n(1, 2).zeros(14).n(6, 2).n(68, 2).n(1, 2).n(76, 2).n(1, 2).n(8, 2).bytes();
  const auto bytes = Laid{}.zeros(3).n(kFid, 2).n(0x102, 2).zeros(4).n(1, 1).bytes();
  expect_files(Talk{}.open("\\a", 0).exchange(0x32, words, bytes, "").close().said(),
               "deleted \\support\\a; ");
}

}  // namespace
}  // namespace remora::smb
