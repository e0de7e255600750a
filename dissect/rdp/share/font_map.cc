#include "dissect/rdp/share/font_map.h"

namespace remora::rdp {

FontMap read_font_map(Cursor& in) {
  return {.number_entries = in.u16le("numberEntries"),
          .total_num_entries = in.u16le("totalNumEntries"),
          .map_flags = in.u16le("mapFlags"),
          .entry_size = in.u16le("entrySize")};
}

}  // namespace remora::rdp
