// Writes a capture to measure with: make_traffic KIND OUTPUT AMOUNT CAPTURE...
//
//   mixed       AMOUNT bytes of office traffic: many flows at once, interleaved in time; one in a
//               hundred is RDP, made from the conversations of the captures named, under other
//               addresses and with screen updates added
//   mail        the same with SMTP in the place of RDP, and more of it: a third of the flows. Of
//   the
//               conversations of the captures named, which bring tickets, one every 45 MB: 10,000
//               an hour at 1 Gbit/s
//   tunnelled   the same, each frame inside VXLAN
//   flood       AMOUNT flows of one SYN each in frames of 64 bytes, and ten RDP sessions a second
//   desktops    AMOUNT RDP sessions, all open at the same time
//
// Same arguments, same bytes; a smaller amount of mixed gives the beginning of the larger file.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <pcap/pcap.h>

namespace {

/// splitmix64: the same on every machine, which the standard's distributions are not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_{seed} {}
  std::uint64_t next() {
    auto z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  /// From `least` to `most`, both possible.
  std::uint32_t between(std::uint32_t least, std::uint32_t most) {
    return least + static_cast<std::uint32_t>(next() % (most - least + 1));
  }
  bool one_in(std::uint32_t n) { return next() % n == 0; }

 private:
  std::uint64_t state_;
};

constexpr std::size_t kSegment = 1460;
constexpr std::uint8_t kFin = 0x01;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kRst = 0x04;
constexpr std::uint8_t kPush = 0x08;
constexpr std::uint8_t kAck = 0x10;

/// One packet of a flow to be.
struct Step {
  std::uint64_t after_us;  ///< since the step before
  bool from_client;
  std::uint8_t flags;
  std::string head;     ///< payload begins so
  std::uint32_t bytes;  ///< of payload; what `head` does not give is noise
  bool base64{false};   ///< the noise is lines of text
};

struct Script {
  bool tcp{true};
  std::uint16_t port{0};
  std::vector<Step> steps;

  void say(std::uint64_t after_us, bool from_client, std::string_view head, std::uint32_t bytes,
           bool base64 = false) {
    steps.push_back({after_us, from_client, kPush | kAck, std::string{head}, bytes, base64});
  }
  /// No more than `text`.
  void say(std::uint64_t after_us, bool from_client, std::string_view text) {
    say(after_us, from_client, text, static_cast<std::uint32_t>(text.size()));
  }
  void acknowledge(bool from_client) { steps.push_back({300, from_client, kAck, {}, 0}); }
  void control(std::uint64_t after_us, bool from_client, std::uint8_t flags) {
    steps.push_back({after_us, from_client, flags, {}, 0});
  }
  void open() {
    control(0, true, kSyn);
    control(8'000, false, kSyn | kAck);
    control(9'000, true, kAck);
  }
  void close() {
    control(5'000, true, kFin | kAck);
    control(8'000, false, kFin | kAck);
    control(9'000, true, kAck);
  }
  /// Full segments with an acknowledgement for every second one; `head` begins the first.
  void transfer(bool from_client, std::string_view head, std::uint32_t bytes, std::uint64_t pace,
                bool base64 = false) {
    std::uint32_t count = 0;
    for (std::uint32_t left = bytes; left > 0;) {
      const auto size = std::min<std::uint32_t>(left, kSegment);
      say(pace, from_client, count == 0 ? head : std::string_view{}, size, base64);
      left -= size;
      if (++count % 2 == 0 || left == 0) { acknowledge(!from_client); }
    }
  }
};

std::string u16be(std::uint32_t value) {
  return {static_cast<char>(value >> 8U), static_cast<char>(value)};
}

/// So many bytes, most of them a cookie's.
std::string get(std::string_view target, std::uint32_t bytes) {
  std::string head{"GET "};
  head.append(target).append(" HTTP/1.1\r\nHost: www.example.com\r\nCookie: ");
  constexpr std::string_view kEnd{"\r\n\r\n"};
  head.append(bytes - std::min<std::size_t>(bytes, head.size() + kEnd.size()), 'c').append(kEnd);
  return head;
}

Script web(Random& random) {
  Script script{.port = 80, .steps = {}};
  script.open();
  for (auto requests = random.between(1, 6); requests > 0; --requests) {
    script.say(random.between(1'000, 900'000), true, get("/index.html", random.between(250, 700)));
    const auto page = random.between(300, 12'000);
    const auto head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " + std::to_string(page) +
        "\r\n\r\n";
    script.transfer(false, head, static_cast<std::uint32_t>(head.size()) + page, 400);
  }
  script.close();
  return script;
}

/// As on port 443: hellos, then records of data.
Script secure_web(Random& random) {
  Script script{.port = 443, .steps = {}};
  script.open();
  const auto hello = random.between(300, 517);
  script.say(500, true,
             std::string{"\x16\x03\x01", 3} + u16be(hello - 5) + std::string{"\x01\x00", 2} +
                 u16be(hello - 9) + "\x03\x03",
             hello);
  script.transfer(false, std::string{"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03", 11},
                  random.between(2'500, 4'500), 400);
  for (auto rounds = random.between(1, 8); rounds > 0; --rounds) {
    const auto request = random.between(120, 900);
    script.say(random.between(2'000, 1'500'000), true, "\x17\x03\x03" + u16be(request - 5),
               request);
    script.transfer(false, std::string{"\x17\x03\x03\x40\x11", 5}, random.between(200, 12'000),
                    400);
  }
  script.close();
  return script;
}

Script name_lookup(Random& random) {
  Script script{.tcp = false, .port = 53, .steps = {}};
  script.say(0, true, std::string{"\x12\x34\x01\x00\x00\x01\x00\x00", 8}, random.between(30, 60));
  if (!random.one_in(50)) {
    script.say(random.between(500, 40'000), false,
               std::string{"\x12\x34\x81\x80\x00\x01\x00\x02", 8}, random.between(60, 220));
  }
  return script;
}

Script file_share(Random& random) {
  Script script{.port = 445, .steps = {}};
  script.open();
  const std::string head{"\x00\x00\x00\x7c\xfeSMB\x40\x00", 10};
  for (auto rounds = random.between(10, 60); rounds > 0; --rounds) {
    script.say(random.between(1'000, 400'000), true, head, random.between(100, 300));
    if (random.one_in(6)) {
      script.transfer(random.one_in(3), head, random.between(4'000, 32'768), 200);
    } else {
      script.say(800, false, head, random.between(80, 400));
    }
  }
  script.close();
  return script;
}

Script bulk(Random& random) {
  Script script{.port = static_cast<std::uint16_t>(random.between(20'000, 40'000)), .steps = {}};
  script.open();
  script.transfer(random.one_in(2), {}, random.between(200'000, 1'500'000), 900);
  script.close();
  return script;
}

Script shell(Random& random) {
  Script script{.port = 22, .steps = {}};
  script.open();
  script.say(500, false, "SSH-2.0-OpenSSH_9.2p1\r\n", 23);
  script.say(500, true, "SSH-2.0-OpenSSH_9.6\r\n", 21);
  for (auto keys = random.between(20, 200); keys > 0; --keys) {
    script.say(random.between(50'000, 400'000), true, {}, 36);
    script.say(2'000, false, {}, random.between(36, 200));
    script.acknowledge(true);
  }
  script.close();
  return script;
}

/// A mail with an attachment.
Script mail(Random& random) {
  constexpr std::string_view kHead{
      "From: Ana <ana@example.com>\r\nTo: Ben <ben@example.org>\r\nSubject: Minutes\r\n"
      "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"=_part\"\r\n\r\n"
      "--=_part\r\nContent-Type: text/plain\r\n\r\nAs promised.\r\n"
      "--=_part\r\nContent-Type: application/pdf; name=\"minutes.pdf\"\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjcKJeLjz9MK"};
  Script script{.port = 25, .steps = {}};
  script.open();
  script.say(2'000, false, "220 mx.example.org ESMTP\r\n");
  script.say(8'000, true, "EHLO out.example.com\r\n");
  script.say(2'000, false, "250-mx.example.org\r\n250-8BITMIME\r\n250 PIPELINING\r\n");
  script.say(8'000, true, "MAIL FROM:<ana@example.com>\r\nRCPT TO:<ben@example.org>\r\nDATA\r\n");
  script.say(2'000, false, "250 ok\r\n250 ok\r\n354 go ahead\r\n");
  script.transfer(true, kHead, random.between(2'000, 120'000), 400, true);
  script.say(400, true, "\r\n--=_part--\r\n.\r\n");
  script.say(20'000, false, "250 queued\r\n");
  script.say(8'000, true, "QUIT\r\n");
  script.say(2'000, false, "221 bye\r\n");
  script.close();
  return script;
}

/// A connection attempt that nobody answers.
Script knock(Random& random) {
  Script script{.port = static_cast<std::uint16_t>(random.between(1, 9'999)), .steps = {}};
  script.control(0, true, kSyn);
  if (random.one_in(2)) { script.control(2'000, false, kRst | kAck); }
  return script;
}

/// The TCP conversations of a capture of Ethernet and IPv4, each a script.
std::vector<Script> conversations(const char* path) {
  std::array<char, PCAP_ERRBUF_SIZE> why{};
  const std::unique_ptr<pcap_t, void (*)(pcap_t*)> capture{pcap_open_offline(path, why.data()),
                                                           &pcap_close};
  if (capture == nullptr) {
    std::fprintf(stderr, "make_traffic: %s\n", why.data());
    std::exit(1);
  }
  struct Found {
    std::array<std::uint8_t, 6> client;  ///< address and port of the first sender
    std::uint64_t last_us;
    Script script;
  };
  std::vector<std::pair<std::array<std::uint8_t, 12>, Found>> found;
  pcap_pkthdr* header = nullptr;
  const unsigned char* bytes = nullptr;
  while (pcap_next_ex(capture.get(), &header, &bytes) == 1) {
    constexpr std::size_t kIp = 14;
    const auto ip_bytes = static_cast<std::size_t>(bytes[kIp] & 0x0fU) * 4;
    const auto* tcp = bytes + kIp + ip_bytes;
    const std::size_t total = bytes[kIp + 2] * 256U + bytes[kIp + 3];
    const auto tcp_bytes = static_cast<std::size_t>(tcp[12] >> 4U) * 4;
    std::array<std::uint8_t, 6> from{};
    std::array<std::uint8_t, 6> to{};
    std::copy_n(bytes + kIp + 12, 4, from.begin());
    std::copy_n(tcp, 2, from.begin() + 4);
    std::copy_n(bytes + kIp + 16, 4, to.begin());
    std::copy_n(tcp + 2, 2, to.begin() + 4);
    std::array<std::uint8_t, 12> key{};
    std::copy(from.begin(), from.end(), key.begin());
    std::copy(to.begin(), to.end(), key.begin() + 6);
    if (to < from) { std::rotate(key.begin(), key.begin() + 6, key.end()); }
    const auto now = static_cast<std::uint64_t>(header->ts.tv_sec) * 1'000'000 +
                     static_cast<std::uint64_t>(header->ts.tv_usec);
    auto place =
        std::find_if(found.begin(), found.end(), [&](const auto& f) { return f.first == key; });
    if (place == found.end()) {
      found.push_back({key, {.client = from, .last_us = now, .script = {}}});
      place = found.end() - 1;
      place->second.script.port = static_cast<std::uint16_t>(tcp[2] * 256U + tcp[3]);
    }
    auto& [client, last_us, script] = place->second;
    const auto payload_bytes = static_cast<std::uint32_t>(total - ip_bytes - tcp_bytes);
    script.steps.push_back(
        {now - last_us, from == client, tcp[13],
         std::string{reinterpret_cast<const char*>(tcp) + tcp_bytes, payload_bytes},
         payload_bytes});
    last_us = now;
  }
  std::vector<Script> scripts;
  for (auto& [key, conversation] : found) { scripts.push_back(std::move(conversation.script)); }
  return scripts;
}

/// Screen updates and keystrokes before the end: TLS records, or encrypted fast-path PDUs.
Script remote_desktop(Random& random, const Script& conversation, bool long_and_quiet) {
  Script script{.port = conversation.port, .steps = {}};
  const auto closing =
      std::find_if(conversation.steps.begin(), conversation.steps.end(), [](const Step& step) {
        return (step.flags & (kFin | kRst)) != 0 ||
               step.head.find("\x02\xf0\x80\x21") != std::string::npos;
      });
  script.steps.assign(conversation.steps.begin(), closing);
  const auto record = std::find_if(script.steps.begin(), script.steps.end(), [](const Step& step) {
    return step.head.starts_with("\x17\x03");
  });
  const bool tls = record != script.steps.end();
  const auto begin = tls ? record->head.substr(0, 3) : std::string{};
  const bool busy = script.steps.size() > 40;
  auto updates = busy ? random.between(5, 300) : 0;
  if (long_and_quiet) { updates = random.between(60, 80); }
  for (; updates > 0; --updates) {
    const auto screen = random.between(60, long_and_quiet ? 400 : 8'000);
    script.transfer(false, tls ? begin + u16be(screen - 5) : '\x80' + u16be(0x8000U | screen),
                    screen, 300);
    const std::uint32_t keys = tls ? 35 : 19;
    script.say(random.between(20'000, 700'000), true,
               tls ? begin + u16be(keys - 5) : std::string{"\x84\x13", 2}, keys);
  }
  script.steps.insert(script.steps.end(), closing, conversation.steps.end());
  return script;
}

class Capture {
 public:
  explicit Capture(const char* path) : file_{std::fopen(path, "wb")} {
    if (file_ == nullptr) {
      std::perror(path);
      std::exit(1);
    }
    std::setvbuf(file_, nullptr, _IOFBF, 1U << 20U);
    const std::array<std::uint32_t, 6> header{0xa1b2c3d4, 0x00040002, 0, 0, 262144, 1};
    write(header.data(), sizeof header);
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  Capture(Capture&&) = delete;
  Capture& operator=(Capture&&) = delete;
  ~Capture() { std::fclose(file_); }

  void add(std::uint64_t now_us, const std::uint8_t* frame, std::size_t bytes) {
    const std::array<std::uint32_t, 4> header{static_cast<std::uint32_t>(now_us / 1'000'000),
                                              static_cast<std::uint32_t>(now_us % 1'000'000),
                                              static_cast<std::uint32_t>(bytes),
                                              static_cast<std::uint32_t>(bytes)};
    write(header.data(), sizeof header);
    write(frame, bytes);
    ++packets;
    frame_bytes += bytes;
  }
  std::uint64_t packets{0};
  std::uint64_t frame_bytes{0};

 private:
  void write(const void* bytes, std::size_t size) {
    if (std::fwrite(bytes, 1, size, file_) != size) {
      std::perror("make_traffic");
      std::exit(1);
    }
  }
  std::FILE* file_;
};

struct End {
  std::array<std::uint8_t, 4> address;
  std::uint16_t port;
  std::uint32_t sequence;
};

enum class Kind : std::uint8_t { kMixed, kMail, kTunnelled, kFlood, kDesktops };

/// A script on its way through time.
struct Flow {
  Script script;
  End client;
  End server;
  std::size_t next{0};
  std::uint64_t at_us{0};
};

class Traffic {
 public:
  Traffic(Kind kind, std::uint64_t amount, Capture& out, std::vector<Script> conversations)
      : kind_{kind},
        amount_{amount},
        out_{&out},
        conversations_{std::move(conversations)},
        noise_(1U << 16U),
        base64_(noise_.size()) {
    constexpr std::string_view kDigits{
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
    constexpr std::size_t kLine = 78;
    for (auto& byte : noise_) { byte = static_cast<std::uint8_t>(random_.next()); }
    for (std::size_t at = 0; at < base64_.size(); ++at) {
      const auto column = at % kLine;
      base64_[at] = static_cast<std::uint8_t>(column == kLine - 2   ? '\r'
                                              : column == kLine - 1 ? '\n'
                                                                    : kDigits[noise_[at] % 64]);
    }
  }

  /// New flows until there are enough, each packet at its time.
  void run() {
    std::uint64_t next_flow_us = kStartUs;
    while (!done()) {
      if (more_flows() && (active_.empty() || next_flow_us <= active_.top().first)) {
        begin(next_flow_us);
        next_flow_us += pause();
      } else {
        const auto flow = active_.top().second;
        active_.pop();
        step(flow);
      }
    }
    last_us_ = next_flow_us;
  }

  void report() const {
    std::fprintf(
        stderr,
        "%llu packets of %llu bytes on average, %zu flows (%zu of them from captures), %llu s of "
        "capture time\n",
        static_cast<unsigned long long>(out_->packets),
        static_cast<unsigned long long>(out_->frame_bytes / out_->packets), flows_begun_,
        begun_from_captures_, static_cast<unsigned long long>((last_us_ - kStartUs) / 1'000'000));
  }

 private:
  static constexpr std::uint64_t kStartUs = 1'796'115'600'000'000;
  static constexpr std::uint64_t kBytesPerTicket = 45'000'000;

  [[nodiscard]] bool by_bytes() const {
    return kind_ == Kind::kMixed || kind_ == Kind::kMail || kind_ == Kind::kTunnelled;
  }
  [[nodiscard]] bool more_flows() const { return by_bytes() || flows_begun_ < amount_; }
  [[nodiscard]] bool done() const {
    return by_bytes() ? out_->frame_bytes + out_->packets * 16 + 24 >= amount_
                      : !more_flows() && active_.empty();
  }
  [[nodiscard]] std::uint64_t pause() {
    if (kind_ == Kind::kFlood) { return random_.between(5, 15); }
    return kind_ == Kind::kDesktops ? random_.between(500, 1'500) : random_.between(1'000, 99'000);
  }

  void begin(std::uint64_t now_us) {
    const auto index = free_.empty() ? flows_.size() : free_.back();
    if (free_.empty()) {
      flows_.emplace_back();
    } else {
      free_.pop_back();
    }
    auto& flow = flows_[index];
    flow = {.script = any_script(), .client = {}, .server = {}, .at_us = now_us};
    const auto number = static_cast<std::uint32_t>(flows_begun_++);
    // Ports move on so that no two connections of the file have the same ends.
    flow.client = {
        .address = {10, 1, static_cast<std::uint8_t>(number % 7),
                    static_cast<std::uint8_t>(number % 251)},
        .port = static_cast<std::uint16_t>(1024 + number / 1757 * 7 % 60000 + number % 7),
        .sequence = static_cast<std::uint32_t>(random_.next())};
    if (kind_ == Kind::kFlood && flow.script.steps.size() <= 2) {
      // From everywhere, as floods are.
      flow.script.steps.resize(1);
      flow.client.address = {static_cast<std::uint8_t>(11 + number % 89),
                             static_cast<std::uint8_t>(number / 89 % 256),
                             static_cast<std::uint8_t>(number / 22'784 % 256),
                             static_cast<std::uint8_t>(random_.between(1, 254))};
    }
    flow.server = {.address = {10, 2, static_cast<std::uint8_t>(random_.between(0, 15)),
                               static_cast<std::uint8_t>(random_.between(1, 250))},
                   .port = flow.script.port,
                   .sequence = static_cast<std::uint32_t>(random_.next())};
    step(index);
  }

  /// Of a hundred flows: 45 DNS, 29 TLS, 12 HTTP, 6 unanswered, 4 SMB, 2 SSH, 1 bulk, 1 RDP.
  Script any_script() {
    if (kind_ == Kind::kDesktops || (kind_ == Kind::kFlood && flows_begun_ % 10'000 == 50)) {
      ++begun_from_captures_;
      return remote_desktop(random_, conversations_[begun_from_captures_ % conversations_.size()],
                            true);
    }
    if (kind_ == Kind::kFlood) { return knock(random_); }
    if (kind_ == Kind::kMail) {
      if (out_->frame_bytes >= next_ticket_at_) {
        next_ticket_at_ += kBytesPerTicket;
        return conversations_[begun_from_captures_++ % conversations_.size()];
      }
      return random_.one_in(3) ? mail(random_) : office(random_.between(0, 98));
    }
    const auto kind = flows_begun_ % 100 == 50 ? 100U : random_.between(0, 98);
    if (kind == 100) {
      ++begun_from_captures_;
      return remote_desktop(random_, conversations_[begun_from_captures_ % conversations_.size()],
                            false);
    }
    return office(kind);
  }

  Script office(std::uint32_t kind) {
    if (kind < 45) { return name_lookup(random_); }
    if (kind < 74) { return secure_web(random_); }
    if (kind < 86) { return web(random_); }
    if (kind < 92) { return knock(random_); }
    if (kind < 96) { return file_share(random_); }
    if (kind < 98) { return shell(random_); }
    return bulk(random_);
  }

  /// Writes the flow's next packet and plans the one after it.
  void step(std::size_t index) {
    auto& flow = flows_[index];
    const auto& step = flow.script.steps[flow.next++];
    write(flow, step);
    if (flow.next == flow.script.steps.size()) {
      flow.script.steps = {};
      free_.push_back(index);
      return;
    }
    flow.at_us += flow.script.steps[flow.next].after_us;
    active_.emplace(flow.at_us, index);
  }

  void write(Flow& flow, const Step& step) {
    auto& from = step.from_client ? flow.client : flow.server;
    const auto& to = step.from_client ? flow.server : flow.client;
    const std::size_t header = flow.script.tcp ? 20 : 8;
    const std::size_t ip_bytes = 20 + header + step.bytes;
    std::array<std::uint8_t, 65536> frame;  // NOLINT: filled below as far as it is used
    std::fill_n(frame.begin(), 60, std::uint8_t{0});
    auto* at = frame.data();
    const std::size_t inner_bytes = std::max<std::size_t>(60, 14 + ip_bytes);
    const std::size_t tunnel_bytes = kind_ == Kind::kTunnelled ? 50 : 0;
    if (tunnel_bytes > 0) {
      wrap(at, inner_bytes, step.from_client);
      at += tunnel_bytes;
      std::fill_n(at, 60, std::uint8_t{0});
    }
    const std::array<std::uint8_t, 14> ethernet{
        0x02, 0,   0, 0, 0, static_cast<std::uint8_t>(step.from_client ? 2 : 1),
        0x02, 0,   0, 0, 0, static_cast<std::uint8_t>(step.from_client ? 1 : 2),
        0x08, 0x00};
    std::copy(ethernet.begin(), ethernet.end(), at);
    at += 14;
    at[0] = 0x45;
    put16(at + 2, ip_bytes);
    put16(at + 4, static_cast<std::uint32_t>(out_->packets));
    at[6] = 0x40;
    at[8] = step.from_client ? 127 : 63;
    at[9] = flow.script.tcp ? 6 : 17;
    std::copy(from.address.begin(), from.address.end(), at + 12);
    std::copy(to.address.begin(), to.address.end(), at + 16);
    at += 20;
    put16(at, from.port);
    put16(at + 2, to.port);
    if (flow.script.tcp) {
      put16(at + 4, from.sequence >> 16U);
      put16(at + 6, from.sequence);
      if ((step.flags & kAck) != 0) {
        put16(at + 8, to.sequence >> 16U);
        put16(at + 10, to.sequence);
      }
      at[12] = 0x50;
      at[13] = step.flags;
      put16(at + 14, 64240);
      from.sequence += step.bytes + ((step.flags & (kSyn | kFin)) != 0 ? 1U : 0U);
    } else {
      put16(at + 4, 8 + step.bytes);
    }
    at += header;
    const auto told = std::min<std::size_t>(step.head.size(), step.bytes);
    std::copy_n(step.head.data(), told, at);
    const auto noise_at = random_.next() % (noise_.size() - kSegment);
    const auto& noise = step.base64 ? base64_ : noise_;
    std::copy_n(noise.data() + noise_at, std::min<std::size_t>(step.bytes - told, kSegment),
                at + told);
    out_->add(flow.at_us, frame.data(), tunnel_bytes + inner_bytes);
  }

  /// Ethernet, IPv4, UDP and VXLAN (RFC 7348 5) before `inner_bytes` bytes.
  static void wrap(std::uint8_t* at, std::size_t inner_bytes, bool from_client) {
    const std::uint8_t here = from_client ? 1 : 2;
    const std::uint8_t there = from_client ? 2 : 1;
    const std::array<std::uint8_t, 50> header{
        0x02, 0,  0,  1,     0,    there, 0x02, 0,    0,  1,  0, here, 0x08, 0,            //
        0x45, 0,  0,  0,     0,    0,     0x40, 0,    64, 17, 0, 0,    172,  16, 0, here,  //
        172,  16, 0,  there, 0xc0, 0,     0x12, 0xb5, 0,  0,  0, 0,    0x08, 0,  0, 0,
        0,    0,  42, 0};
    std::copy(header.begin(), header.end(), at);
    put16(at + 16, 36 + inner_bytes);
    put16(at + 38, 16 + inner_bytes);
  }

  static void put16(std::uint8_t* at, std::uint64_t value) {
    at[0] = static_cast<std::uint8_t>(value >> 8U);
    at[1] = static_cast<std::uint8_t>(value);
  }

  using Due = std::pair<std::uint64_t, std::size_t>;

  Kind kind_;
  std::uint64_t amount_;
  Capture* out_;
  std::vector<Script> conversations_;
  Random random_{20261123};
  std::vector<std::uint8_t> noise_;
  std::vector<std::uint8_t> base64_;
  std::vector<Flow> flows_;
  std::vector<std::size_t> free_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> active_;  ///< next packet of each flow
  std::size_t flows_begun_{0};
  std::size_t begun_from_captures_{0};
  std::uint64_t next_ticket_at_{0};
  std::uint64_t last_us_{0};
};

}  // namespace

int main(int argc, char** argv) {
  constexpr std::array<std::pair<std::string_view, Kind>, 5> kKinds{
      {{"mixed", Kind::kMixed},
       {"mail", Kind::kMail},
       {"tunnelled", Kind::kTunnelled},
       {"flood", Kind::kFlood},
       {"desktops", Kind::kDesktops}}};
  const auto* kind = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const auto& k) { return argc > 1 && k.first == argv[1]; });
  if (argc < 5 || kind == kKinds.end()) {
    std::fputs("usage: make_traffic mixed|mail|tunnelled|flood|desktops OUTPUT AMOUNT CAPTURE...\n",
               stderr);
    return 2;
  }
  std::vector<Script> scripts;
  for (int i = 4; i < argc; ++i) {
    for (auto& script : conversations(argv[i])) { scripts.push_back(std::move(script)); }
  }
  Capture out{argv[2]};
  Traffic traffic{kind->second, std::strtoull(argv[3], nullptr, 10), out, std::move(scripts)};
  traffic.run();
  traffic.report();
  return 0;
}
