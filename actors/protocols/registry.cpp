#include "actors/protocols/registry.hpp"

#include <algorithm>

#include "actors/protocols/averaging/a2cid2.hpp"
#include "actors/protocols/averaging/ad_psgd.hpp"
#include "actors/protocols/averaging/ad_psgd_pushpull.hpp"
#include "actors/protocols/averaging/all_reduce.hpp"
#include "actors/protocols/averaging/d_psgd.hpp"
#include "actors/protocols/averaging/divshare.hpp"
#include "actors/protocols/averaging/epidemic.hpp"
#include "actors/protocols/averaging/gossip.hpp"
#include "actors/protocols/averaging/mosaic.hpp"
#include "actors/protocols/averaging/relay_sgd.hpp"
#include "actors/protocols/averaging/swift.hpp"
#include "actors/protocols/averaging/swift_push.hpp"
#include "actors/protocols/compressed/choco_sgd.hpp"
#include "actors/protocols/compressed/dcd_psgd.hpp"
#include "actors/protocols/compressed/deep_squeeze.hpp"
#include "actors/protocols/compressed/ecd_psgd.hpp"
#include "actors/protocols/compressed/jwins.hpp"
#include "actors/protocols/compressed/random_sampling.hpp"
#include "actors/protocols/compressed/top_k_sharing.hpp"
#include "actors/protocols/low_communication/async_local_sgd.hpp"
#include "actors/protocols/low_communication/decoupled_diloco.hpp"
#include "actors/protocols/low_communication/diloco.hpp"
#include "actors/protocols/low_communication/fed_avg.hpp"
#include "actors/protocols/low_communication/halos.hpp"
#include "actors/protocols/low_communication/noloco.hpp"
#include "actors/protocols/low_communication/sparse_loco.hpp"
#include "actors/protocols/low_communication/sparta.hpp"
#include "actors/protocols/low_communication/streaming_diloco.hpp"
#include "actors/protocols/push_sum/asynchronous_push.hpp"
#include "actors/protocols/push_sum/sgp.hpp"
#include "actors/protocols/push_sum/sparse_push.hpp"
#include "actors/protocols/tracking/d2.hpp"
#include "actors/protocols/tracking/gt_dsgd.hpp"
#include "actors/protocols/tracking/k_gt.hpp"
#include "actors/protocols/tracking/momentum_tracking.hpp"
#include "actors/protocols/tracking/qg_dsgdm.hpp"

namespace tardigrad {

const std::vector<Algorithm>& algorithms() {
  static const std::vector<Algorithm> all = {divshare_algorithm(),
                                             ad_psgd_algorithm(),
                                             a2cid2_algorithm(),
                                             ad_psgd_pushpull_algorithm(),
                                             swift_algorithm(),
                                             swift_push_algorithm(),
                                             gossip_algorithm(),
                                             d_psgd_algorithm(),
                                             random_sampling_algorithm(),
                                             top_k_sharing_algorithm(),
                                             choco_sgd_algorithm(),
                                             jwins_algorithm(),
                                             dcd_psgd_algorithm(),
                                             ecd_psgd_algorithm(),
                                             deep_squeeze_algorithm(),
                                             epidemic_algorithm(),
                                             mosaic_algorithm(),
                                             relay_sgd_algorithm(),
                                             sgp_algorithm(),
                                             osgp_algorithm(),
                                             agp_algorithm(),
                                             sparse_push_algorithm(),
                                             sc_sparse_push_algorithm(),
                                             gt_dsgd_algorithm(),
                                             k_gt_algorithm(),
                                             d2_algorithm(),
                                             qg_dsgdm_algorithm(),
                                             momentum_tracking_algorithm(),
                                             async_local_sgd_algorithm(),
                                             fed_buff_algorithm(),
                                             fed_avg_algorithm(),
                                             halos_algorithm(),
                                             decoupled_diloco_algorithm(),
                                             all_reduce_algorithm(),
                                             diloco_algorithm(),
                                             streaming_diloco_algorithm(),
                                             noloco_algorithm(),
                                             sparta_algorithm(),
                                             sparse_loco_algorithm()};
  return all;
}

const Algorithm* find_algorithm(const std::string& name) {
  const auto& all = algorithms();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Algorithm& a) { return a.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace tardigrad
