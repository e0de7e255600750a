#include "daemon/cli/command_line.h"

int main(int argc, char** argv) {
  return remora::cli::run(argc, argv);
}
