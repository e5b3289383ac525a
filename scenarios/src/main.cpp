#include "scenarios/src/cli/program.hpp"

int main(int argc, char** argv) { return tardigrad::run_program(argc, argv); }
