// The same program with Python in it, for algorithms that are written in Python.
#include "actors/protocols/algorithm_files.hpp"
#include "scenarios/src/cli/program.hpp"
#include "scenarios/src/python/python_algorithms.hpp"

int main(int argc, char** argv) {
  tardigrad::resolve_algorithms_with(tardigrad::python_algorithm);
  return tardigrad::run_program(argc, argv);
}
