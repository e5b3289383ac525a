#include <memory>

#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/reference/explanation.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {

SubCommand add_explain_command(const Program& program) {
  const auto word = std::make_shared<std::string>();
  CLI::App* command = program.app.add_subcommand("explain", "what a key, kind, algorithm or column means");
  command->footer(examples({"explain network.loss", "explain divshare", "explain divshare.fragments", "explain base-k",
                            "explain links.csv", "explain busy_s"}));
  command->add_option("word", *word, "a name, or a path that ends with it, such as network.loss.rate")
      ->required()
      ->type_name("WORD");
  return {command, [word]() -> int {
            const Explanation explanation = explain(*word);
            if (!explanation.error.empty()) return complain(exit_wrong_use, explanation.error);
            print_result(explanation.text);
            return exit_done;
          }};
}

}  // namespace tardigrad
