/// Mosaic Learning (arXiv 2602.04352): DivShare's fragments in the synchronous rounds of epidemic learning. Every
/// round every node sends each fragment k of its model to s others drawn for this fragment alone, and averages its
/// own fragment with those that it receives:
///
///     half_i = x_i after local steps,    x_i[k] <- (half_i[k] + sum over k's senders j of half_j[k]) / (1 + senders)
///
/// The next round begins when all fragments are mixed. Draws follow from the seed, so that a fragment knows whom to
/// wait for; one that nobody has drawn stays as it is. `Fragmentation` defines the fragments. One fragment is epidemic
/// learning, with the same draws.
///
/// The rule is that of the abstract and of the open reviews, as the text has no listing at hand and there is no public
/// code: a plain mean is the form of both its ancestors, DivShare and epidemic learning, and is taken here too.
///
/// With more than one fragment every message is needed. A node that went on without messages would do so with each of
/// its fragments by itself, and a fragment that has heard nothing goes on with the round that its senders are in: the
/// fragments of one node would come to be in different rounds, and others would wait for the latest of them for ever.
#pragma once

#include "actors/protocols/averaging/epidemic.hpp"

namespace tardigrad {

Algorithm mosaic_algorithm();

}  // namespace tardigrad
