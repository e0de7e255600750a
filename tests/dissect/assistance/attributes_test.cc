#include "dissect/assistance/attributes.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::assistance {
namespace {

std::string attribute(std::string_view text, std::string_view name) {
  const auto element = read_element(text);
  return element.has_value() ? std::string{element->attribute(name)} : "none";
}

TEST(Element, HasANameAndAttributes) {
  const auto element = read_element(R"( <RCCOMMAND NAME = "FILEXFER"
      FILESIZE='5'/> )");
  ASSERT_TRUE(element.has_value());
  EXPECT_EQ(element->name, "RCCOMMAND");
  EXPECT_EQ(element->attribute("NAME"), "FILEXFER");
  EXPECT_EQ(element->attribute("FILESIZE"), "5");
  EXPECT_EQ(element->attribute("OTHER"), "");
}

TEST(Element, HasReferences) {
  EXPECT_EQ(attribute(R"(<A x="a &amp; &lt;b&gt; &quot;&apos; &#x41;&#66;"/>)", "x"),
            R"(a & <b> "' AB)");
  EXPECT_EQ(attribute("<A x=\"&#7;\"/>", "x"), "\xef\xbf\xbd");  // control characters are harmless
}

TEST(Element, IsNothingElse) {
  for (const auto* const text : {"",
                                 "A",
                                 "<",
                                 "<A",
                                 "<A/",
                                 "<A>",
                                 "<A></A>",
                                 "</A>",
                                 "<A/>x",
                                 "<A b/>",
                                 "<A b=c/>",
                                 "<A b=\"c/>",
                                 "<A b=\"c\"d=\"e\"/>",
                                 "<A b=\"<\"/>",
                                 "<A b=\"&x;\"/>",
                                 "<A b=\"&amp\"/>",
                                 "<A b=\"&#xyz;\"/>",
                                 "<?xml version=\"1.0\"?><A/>",
                                 "<!DOCTYPE A><A/>",
                                 "< A/>"}) {
    EXPECT_FALSE(read_element(text).has_value()) << text;
  }
}

TEST(Element, HasALimitOfAttributes) {
  std::string text = "<A";
  for (int i = 0; i < 32; ++i) { text += " a=\"\""; }
  EXPECT_TRUE(read_element(text + "/>").has_value());
  EXPECT_FALSE(read_element(text + " a=\"\"/>").has_value());
}

TEST(Element, SurvivesTruncation) {
  const std::string text = R"(<RCCOMMAND NAME="FILEXFER" FILENAME="a &amp; b"/>)";
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(read_element(std::string_view{text}.substr(0, size)).has_value()) << size;
  }
}

}  // namespace
}  // namespace remora::assistance
