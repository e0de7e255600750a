#include "dissect/bulk/bulk_decompressor.h"

#include <gtest/gtest.h>

#include "capture/base/cursor.h"
#include "tests/dissect/bulk/encoder.h"
#include "tests/dissect/bulk/sent.h"
#include "tests/support/hex.h"

namespace remora::bulk {
namespace {

using remora::testing::hex;
using testing::MppcSender;
using testing::text_of;

constexpr PacketFlags k8K{0x20};
constexpr PacketFlags k64K{0x21};

TEST(PacketFlags, OfAChannelStandSixteenBitsHigher) {
  const auto flags = PacketFlags::of_channel(0x00610003);
  EXPECT_EQ(flags.type(), CompressionType::k64K);
  EXPECT_TRUE(flags.compressed());
  EXPECT_TRUE(flags.at_front());
  EXPECT_FALSE(flags.flushed());
  EXPECT_FALSE(PacketFlags::of_channel(0x3).concerns_history());
}

// What xrdp sent to FreeRDP in a session of the lab: two pointers on the fast path, and an update
// on the slow path that goes on with the same history.
TEST(BulkDecompressor, ReadsWhatXrdpSends) {
  BulkDecompressor server;
  const auto first =
      hex("180001000f00100020f8480000006007c1ff302fff073f9fc5f07e0bc11a7cce8f83ee7821f071f9fc5f07e2"
          "fc235f1abe0fca786abe357c1f94f0d57c6af83f29e1aaf8d5f07e53c355f1abe0fca786abe357c1f94f0d57"
          "c6af83f29e1aaf8d5f07e53c355f1abe0fca786abe357c1f94f0d57c6af83f29e1aaf8d5f07e2fc22f838fcf"
          "e2f83f05e08d3e6747c1f73c10f838fcfe2f83fe60f1877c1eab087dfeff60f8977c7ff89e77f48f891e048f"
          "83d600");
  const auto second =
      hex("18f22be0c60351ff327e0ff869cf25f05f25f07e53c358fc9c7e0fc7785f1f938fc1f8bf0a63f271f83eff82"
          "37f9f8fc9c7e0fbfe087c17c97c17c9e2f83f05e0baf8da7c17c9c7e0fc1782f1f93c5f07e17c1dc5f49f074"
          "fa4f83ee780bafedf5fc1f2bc0bd1f63a3e0fa1e08e5fabcbf07d6f05f17d2e2f83ee783b7f9fbfc1f82f08e"
          "9f334f83f11e14c7e4e3f07e3bc2f5f1abe0fca7869f05f25f07e5fc3bf3bf05e207c1f46fd80cc17c3ff895"
          "78f9878f8830fb010f8801f88001ff88fb800fb0f10c7d4803f8807f88c06bf1f7d7ffbebffdf5fc00");
  const auto update =
      hex("01002ef23ab402fe055f018001036035700822880885cbe0e951f88f8397cefe350000aa7023567811ff2f53"
          "b811aa7c08ff97a91c08d4de047fcbd42e046a3f023fe5e9e7023507811ff2f4db811a77c08ff97a61c08d35"
          "e047fcbd2ae04697f023fe5e9270234a7811ff2f47b811a47c08ff97a31c08d1de047fcbd12e0468bf023fe5"
          "e867023447811ff2f41b811a17c08ff97a01c08d05e047fcbcf5c08cffc08ff979d38119e7811ff2f3770233"
          "9f023fe5e68e0466de047fcbcc5c08ccfc08ff97973811987811ff2f2b70232df023fe5e50e04655e047fcbc"
          "95c08c9fc08ff97913811927811ff2f1f702321f023fe5e38e0463de047fcbc65c08c6fc08ff978b38118c78"
          "11ff2f13702315f023fe5e20e04625e047fcbc35c08c3fc08ff97853811867811ff2f07702309f023fe5e08e"
          "0460de047fcbc05c08c0fc08ff97af800fe0403c08ff97aedc08d7b00e047fcbb70e046baf023fe5eb570235"
          "bf811ff2f593811ad3c08ff97abdc08d63e047fcbd58e046aef023fe5ea9702355f811ff2f537811aa3c08c0"
          "bc08e467811ff0d0");
  const auto pointer = [&](ByteView packet, std::uint8_t flags) {
    const auto data = server.decompress(packet, PacketFlags{flags}).value_or(ByteView{});
    // TS_POINTERATTRIBUTE, [MS-RDPBCGR] 2.2.9.1.1.4.5
    Cursor in{data};
    EXPECT_EQ(in.u16le("xorBpp"), 24);
    in.skip(6, "cacheIndex, hotSpot");
    EXPECT_EQ(in.u16le("width"), 32);
    EXPECT_EQ(in.u16le("height"), 32);
    const std::size_t masks = std::size_t{in.u16le("lengthAndMask")} + in.u16le("lengthXorMask");
    in.skip(masks, "masks");
    EXPECT_TRUE(in.ok());
    EXPECT_EQ(in.remaining(), 1U);  // pad
  };
  pointer(first, 0x61);
  pointer(second, 0x21);
  const auto bitmaps = server.decompress(update, k64K).value_or(ByteView{});
  ASSERT_EQ(bitmaps.size(), 16278U);  // uncompressedLength, 18 bytes of headers included: 16,296
  // TS_UPDATE_BITMAP_DATA, 2.2.9.1.1.3.1.2
  Cursor in{bitmaps};
  EXPECT_EQ(in.u16le("updateType"), 1);
  const auto rectangles = in.u16le("numberRectangles");
  EXPECT_EQ(rectangles, 46);
  for (int i = 0; i < rectangles; ++i) {
    const auto left = in.u16le("destLeft");
    in.skip(2, "destTop");
    EXPECT_GE(in.u16le("destRight"), left);
    in.skip(6, "destBottom, width, height");
    EXPECT_EQ(in.u16le("bitsPerPixel"), 32);
    in.skip(2, "flags");
    in.skip(in.u16le("bitmapLength"), "bitmapDataStream");
  }
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.remaining(), 0U);
  EXPECT_EQ(server.memory(), 65536U);
}

TEST(BulkDecompressor, TakesTheTypeFromThePacket) {
  BulkDecompressor bulk;
  EXPECT_FALSE(bulk.used());
  EXPECT_EQ(text_of(bulk.decompress(as_bytes("abc"), PacketFlags{0x00})), "abc");
  EXPECT_FALSE(bulk.used());
  EXPECT_EQ(text_of(bulk.decompress(hex("06 00 616263"), PacketFlags{0x23})), "abc");
  EXPECT_TRUE(bulk.used());
  EXPECT_EQ(text_of(bulk.decompress(as_bytes("abc"), PacketFlags{0x24})),
            "CompressionType at 0: not a known type");
  EXPECT_EQ(text_of(bulk.decompress(as_bytes("abc"), k8K)), "history at 0: not known");
}

TEST(BulkDecompressor, KeepsOneHistory) {
  BulkDecompressor bulk;
  EXPECT_EQ(text_of(bulk.decompress(as_bytes("abc"), k64K)), "abc");
  EXPECT_EQ(bulk.memory(), 65536U);
  EXPECT_EQ(bulk.room(), 65533U);
  EXPECT_EQ(text_of(bulk.decompress(as_bytes("abc"), k8K)), "abc");  // a new one
  EXPECT_EQ(bulk.memory(), 8192U);
  EXPECT_EQ(text_of(bulk.decompress(as_bytes("abc"), k64K)), "history at 0: not known");
  EXPECT_EQ(text_of(bulk.decompress(as_bytes("abc"), PacketFlags{0x61})), "abc");
}

TEST(BulkDecompressor, IsLostWithAPacketOfAnyType) {
  BulkDecompressor bulk;
  bulk.lose();
  EXPECT_EQ(text_of(bulk.decompress(as_bytes("abc"), k8K)), "history at 0: not known");
  EXPECT_FALSE(bulk.room().has_value());
  EXPECT_EQ(text_of(bulk.decompress(as_bytes("abc"), PacketFlags{0x80})), "abc");
  EXPECT_EQ(text_of(bulk.decompress(as_bytes("abc"), k8K)), "abc");
  EXPECT_EQ(text_of(bulk.decompress(as_bytes("abc"), PacketFlags{0x81})), "abc");  // of which?
  EXPECT_EQ(text_of(bulk.decompress(as_bytes("abc"), k8K)), "history at 0: not known");
}

TEST(BulkDecompressor, KnowsAPacketThatBeginsAnew) {
  EXPECT_TRUE(BulkDecompressor::begins_anew(hex("61"), PacketFlags{0x60}));
  EXPECT_FALSE(BulkDecompressor::begins_anew(hex("61"), PacketFlags{0x20}));
  EXPECT_FALSE(BulkDecompressor::begins_anew(hex("61"), PacketFlags{0x62}));
  EXPECT_TRUE(BulkDecompressor::begins_anew(hex("16 80"), PacketFlags{0x23}));
  EXPECT_FALSE(BulkDecompressor::begins_anew(hex("12 80"), PacketFlags{0x23}));
}

}  // namespace
}  // namespace remora::bulk
