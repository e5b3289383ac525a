#include "models/split/rating_split.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/nodes_text.hpp"

namespace tardigrad {
namespace {

std::size_t training_share(std::size_t ratings) { return (7 * ratings + 5) / 10; }

std::vector<std::vector<std::uint32_t>> by_user(const Ratings& ratings) {
  std::vector<std::vector<std::uint32_t>> users(ratings.users);
  for (std::size_t i = 0; i < ratings.all.size(); ++i) {
    users[ratings.all[i].user].push_back(static_cast<std::uint32_t>(i));
  }
  return users;
}

void sort_each(Shards& shards) {
  for (std::vector<std::uint32_t>& places : shards) std::sort(places.begin(), places.end());
}

}  // namespace

RatingSplitResult split_ratings(const Ratings& ratings, NodeId nodes, std::uint64_t seed) {
  if (nodes > ratings.users) return {{}, too_few_text(ratings.users, "user", nodes)};
  auto users = by_user(ratings);
  const std::vector<NodeId> owners = nodes_of_users(ratings.users, nodes);
  RatingSplit split{Shards(nodes), Shards(nodes)};
  for (std::uint32_t user = 0; user < ratings.users; ++user) {
    std::vector<std::uint32_t>& own = users[user];
    std::vector<std::uint32_t>& train = split.train[owners[user]];
    std::vector<std::uint32_t>& test = split.test[owners[user]];
    RandomStream(seed, Purpose::partition, user).shuffle(own);
    const auto middle = own.begin() + static_cast<std::ptrdiff_t>(training_share(own.size()));
    train.insert(train.end(), own.begin(), middle);
    test.insert(test.end(), middle, own.end());
  }
  sort_each(split.train);
  sort_each(split.test);
  const auto empty = std::find_if(split.test.begin(), split.test.end(), [](const auto& test) { return test.empty(); });
  if (empty != split.test.end()) {
    return {
        {},
        fmt::format("the users of node {} have too few ratings to keep some for testing", empty - split.test.begin())};
  }
  return {std::move(split), ""};
}

}  // namespace tardigrad
