#include "netem/time/rate_profile.hpp"

namespace tardigrad {

RateProfile RateProfile::scaled(const PiecewiseConstant& factor, Time until) const {
  return RateProfile(product(bits_, factor, until));
}

}  // namespace tardigrad
