#include <memory>

#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/reference/reference_page.hpp"
#include "scenarios/src/reference/scenario_schema.hpp"
#include "scenarios/src/system/exit_code.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {

SubCommand add_reference_command(const Program& program) {
  const auto schema = std::make_shared<bool>(false);
  CLI::App* command = program.app.add_subcommand("reference", "all keys, kinds and columns as one page of Markdown");
  command->footer(examples({"reference > REFERENCE.md", "reference --schema > scenario.schema.json"}));
  command->add_flag("--schema", *schema, "instead a JSON Schema of scenario files, for editors");
  return {command, [schema] {
            print_result(*schema ? scenario_schema() : reference_page());
            return exit_done;
          }};
}

}  // namespace tardigrad
