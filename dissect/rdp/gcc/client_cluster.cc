#include "dissect/rdp/gcc/client_cluster.h"

namespace remora::rdp {

ClientCluster read_client_cluster(Cursor& in) {
  return {.flags = ClusterFlags{in.u32le("Flags")},
          .redirected_session_id = in.u32le_if_present("RedirectedSessionID")};
}

}  // namespace remora::rdp
