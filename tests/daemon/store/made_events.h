#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/store/store.h"
#include "remora/v1/event.pb.h"
#include "tests/daemon/sqlite/scratch_file.h"

namespace remora::store {

using sqlite::ScratchFile;

constexpr std::int64_t kSecond = 1'000'000'000;

/// An event of session `session` at `second`, without a kind yet.
v1::Event made_event(const std::string& id, const std::string& session, std::int64_t second);

/// Beginning, update and end of a session: by `user` from client 192.0.2.1 to server 198.51.100.7.
v1::Event opened(const std::string& session, std::int64_t second, const std::string& user = "eva");
v1::Event updated(const std::string& session, std::int64_t second, const std::string& user = "eva");
v1::Event closed(const std::string& session, std::int64_t second, const std::string& user = "eva");

/// Fails the test when the store does. How many events were new.
std::size_t add(Store& store, const std::vector<v1::Event>& events);

/// A store that must open.
Store open_store(const std::string& path, const StoreOptions& options = {});

/// The rows that `sql` gives, columns joined by '|', NULL as "-".
std::vector<std::string> rows(const std::string& path, const std::string& sql);

}  // namespace remora::store
