#include "actors/protocols/registry.hpp"

#include <algorithm>

#include "actors/protocols/ad_psgd.hpp"
#include "actors/protocols/ad_psgd_pushpull.hpp"
#include "actors/protocols/all_reduce.hpp"
#include "actors/protocols/choco_sgd.hpp"
#include "actors/protocols/d_psgd.hpp"
#include "actors/protocols/dcd_psgd.hpp"
#include "actors/protocols/divshare.hpp"
#include "actors/protocols/ecd_psgd.hpp"
#include "actors/protocols/epidemic.hpp"
#include "actors/protocols/gossip.hpp"
#include "actors/protocols/jwins.hpp"
#include "actors/protocols/random_sampling.hpp"
#include "actors/protocols/relay_sgd.hpp"
#include "actors/protocols/sgp.hpp"
#include "actors/protocols/sparse_push.hpp"
#include "actors/protocols/swift.hpp"
#include "actors/protocols/swift_push.hpp"
#include "actors/protocols/top_k_sharing.hpp"

namespace tardigrad {

const std::vector<Algorithm>& algorithms() {
  static const std::vector<Algorithm> all = {
      divshare_algorithm(),  ad_psgd_algorithm(),         ad_psgd_pushpull_algorithm(),
      swift_algorithm(),     swift_push_algorithm(),      gossip_algorithm(),
      d_psgd_algorithm(),    random_sampling_algorithm(), top_k_sharing_algorithm(),
      choco_sgd_algorithm(), jwins_algorithm(),           dcd_psgd_algorithm(),
      ecd_psgd_algorithm(),  epidemic_algorithm(),        relay_sgd_algorithm(),
      sgp_algorithm(),       sparse_push_algorithm(),     all_reduce_algorithm()};
  return all;
}

const Algorithm* find_algorithm(const std::string& name) {
  const auto& all = algorithms();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Algorithm& a) { return a.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace tardigrad
