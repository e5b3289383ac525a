#include "models/learners/rating_learner.hpp"

#include <cmath>
#include <set>
#include <thread>

#include "models/data/movielens_reader.hpp"
#include "tests/models/made_up_ratings.hpp"
#include "tests/models/real_data.hpp"
#include "tests/models/with_torch/clipped_step.hpp"
#include "tests/models/with_torch/doctest_beside_torch.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

std::shared_ptr<const Ratings> made_up_ratings(std::uint32_t users) {
  const test::TemporaryFolder folder;
  folder.write("ratings.csv", test::ratings_csv(users, 40));
  return read_movielens(folder.path()).ratings;
}

RatingLearner learner_of(const std::shared_ptr<const Ratings>& ratings, NodeId nodes, const TrainingSpec& training,
                         unsigned workers = 1) {
  return RatingLearner(ratings, split_ratings(*ratings, nodes, 1).split, training, 1, workers);
}

/// The rows of two users and two films, all else 0.
Values small_model(const MatrixFactorization& factors) {
  Values model(static_cast<std::size_t>(factors.layout().numel()));
  const float rows[4][2] = {{.1F, .2F}, {.5F, -.5F}, {.3F, .4F}, {1, 2}};
  for (std::size_t row = 0; row < 4; ++row) {
    model[row * MatrixFactorization::kFactors] = rows[row][0];
    model[row * MatrixFactorization::kFactors + 1] = rows[row][1];
  }
  return model;
}

TEST_CASE("a step on one rating moves its user's and its film's row by the other's, and no other") {
  MatrixFactorization factors(2, 2);
  Values model = small_model(factors);
  const Values before = model;
  CHECK(factors.descend(model, {{0, 0, 1}}, 0.1) == doctest::Approx(0.89 * 0.89));
  CHECK(model[0] == doctest::Approx(0.1534));
  CHECK(model[1] == doctest::Approx(0.2712));
  CHECK(model[40] == doctest::Approx(0.3178));
  CHECK(model[41] == doctest::Approx(0.4356));
  for (std::size_t p = 0; p < model.size(); ++p) {
    const bool own = p < 2 || (p >= 40 && p < 42);
    if (!own) CHECK(model[p] == before[p]);
  }
}

TEST_CASE("the gradient is that of the mean squared error, also where ratings share a user or a film") {
  MatrixFactorization factors(2, 2);
  const std::vector<Rating> batch = {{0, 0, 1}, {0, 1, 4}, {1, 1, 2.5}};
  const Values model = small_model(factors);
  factors.loss_and_gradient(model, {{1, 0, 3}});  // leaves nothing behind
  factors.loss_and_gradient(model, batch);
  const Values gradient = factors.gradient();
  constexpr float width = 1e-2F;
  for (std::size_t p = 0; p < model.size(); ++p) {
    Values above = model, below = model;
    above[p] += width;
    below[p] -= width;
    const double slope =
        (factors.loss_and_gradient(above, batch) - factors.loss_and_gradient(below, batch)) / (2 * double{width});
    CHECK(gradient[p] == doctest::Approx(slope).epsilon(0.001).scale(0.01));
  }
}

TEST_CASE("a sparse step is the dense one, as far as rounding goes") {
  MatrixFactorization factors(2, 2);
  const std::vector<Rating> batch = {{0, 0, 1}, {0, 1, 4}, {1, 1, 2.5}, {0, 0, 1}};
  Values sparse = small_model(factors);
  Values dense = sparse;
  for (int step = 0; step < 5; ++step) {
    factors.descend(sparse, batch, 0.1);
    factors.loss_and_gradient(dense, batch);
    Optimizer(OptimizerOptions{}).descend(dense, factors.gradient().data(), 0.1);
  }
  for (std::size_t p = 0; p < sparse.size(); ++p) CHECK(sparse[p] == doctest::Approx(dense[p]).epsilon(1e-5));
}

TEST_CASE("nodes have blocks of users, and 70 % of each user's ratings to train on") {
  const auto ratings = made_up_ratings(7);
  const RatingSplit split = split_ratings(*ratings, 3, 1).split;
  REQUIRE(split.train.size() == 3);
  const auto users = [&](const std::vector<std::uint32_t>& places) {
    std::set<std::uint32_t> found;
    for (const std::uint32_t place : places) found.insert(ratings->all[place].user);
    return found;
  };
  std::set<std::uint32_t> all;
  for (NodeId node = 0; node < 3; ++node) {
    const std::set<std::uint32_t> own = node == 0   ? std::set<std::uint32_t>{0, 1, 2}
                                        : node == 1 ? std::set<std::uint32_t>{3, 4}
                                                    : std::set<std::uint32_t>{5, 6};
    CHECK(users(split.train[node]) == own);
    CHECK(users(split.test[node]) == own);
    CHECK(split.train[node].size() == 14 * own.size());
    CHECK(split.test[node].size() == 6 * own.size());
    all.insert(split.train[node].begin(), split.train[node].end());
    all.insert(split.test[node].begin(), split.test[node].end());
  }
  CHECK(all.size() == ratings->all.size());
  CHECK(split_ratings(*ratings, 3, 2).split.train != split.train);
  CHECK(split_ratings(*ratings, 3, 1).split.train == split.train);
}

TEST_CASE("more nodes than users, or users with nothing to test on, are refused") {
  CHECK(split_ratings(*made_up_ratings(7), 8, 1).error == "7 users are too few for 8 nodes");
  const Ratings few{2, 1, {{0, 0, 3}, {1, 0, 3}}};
  CHECK(split_ratings(few, 2, 1).error == "the users of node 0 have too few ratings to keep some for testing");
}

TEST_CASE("a node is tested on its own users' ratings, the averaged model on all") {
  const auto ratings = std::make_shared<const Ratings>(Ratings{2, 2, {{0, 0, 4}, {0, 1, 4}, {1, 0, 1}, {1, 1, 1}}});
  RatingSplit split;
  split.train = {{0}, {2}};
  split.test = {{1}, {3}};
  RatingLearner learner(ratings, split, {}, 1, 1);
  Values model(80);
  model[0] = 1;   // user 0
  model[20] = 1;  // user 1
  model[60] = 4;  // film 1
  const Evaluation right = learner.evaluate(0, model, 0);
  CHECK(right.accuracy == 1);
  CHECK(right.loss == 0);
  const Evaluation wrong = learner.evaluate(0, model, 1);
  CHECK(wrong.accuracy == 0);
  CHECK(wrong.loss == doctest::Approx(3));
  const Evaluation all = learner.evaluate(0, model, std::nullopt);
  CHECK(all.accuracy == 0.5);
  CHECK(all.loss == doctest::Approx(std::sqrt(4.5)));
}

TEST_CASE("a prediction is right if clamped and rounded to halves it is the rating") {
  const auto hit = [](float prediction, float stars) {
    const auto ratings = std::make_shared<const Ratings>(Ratings{1, 1, {{0, 0, stars}}});
    RatingLearner learner(ratings, {{{}}, {{0}}}, {}, 1, 1);
    Values model(40);
    model[0] = 1;
    model[20] = prediction;
    return learner.evaluate(0, model, 0).accuracy == 1;
  };
  CHECK(hit(3.7F, 3.5F));
  CHECK(hit(3.8F, 4));
  CHECK_FALSE(hit(3.8F, 3.5F));
  CHECK(hit(9, 5));
  CHECK(hit(-1, 0.5F));
  CHECK_FALSE(hit(NAN, 5));
}

TEST_CASE("training gives the same bytes on every worker, momentum and weight decay move rows without ratings") {
  const auto ratings = made_up_ratings(9);
  const auto rows_moved = [&](const OptimizerOptions& sgd) {
    const TrainingSpec training{4, 5, 0.1, {}, sgd};
    RatingLearner learner = learner_of(ratings, 3, training, 2);
    const auto trained = [&](unsigned worker) {
      const auto state = learner.local_state(1);
      Values model = learner.initial_model();
      const double first = learner.train(worker, *state, model).loss;
      const double second = learner.train(worker, *state, model).loss;
      CHECK(first > 0);
      CHECK(second > 0);
      return model;
    };
    const Values model = trained(0);
    CHECK(trained(1) == model);
    const Values initial = learner.initial_model();
    std::set<std::size_t> rows;
    for (std::size_t p = 0; p < model.size(); ++p) {
      if (model[p] != initial[p]) rows.insert(p / MatrixFactorization::kFactors);
    }
    return rows.size();
  };
  CHECK(rows_moved({}) <= 3 + 40);
  CHECK(rows_moved({0.9, false, 0}) <= 3 + 40);
  CHECK(rows_moved({0, false, 0.01}) == 9 + 40);
}

TEST_CASE("a clipped step on ratings goes the way of the plain one, and no further than the norm allows") {
  const auto ratings = made_up_ratings(9);
  check_clipped_step(
      [&](const OptimizerOptions& sgd) {
        return learner_of(ratings, 3, {4, 1, 0.1, {}, sgd});
      },
      0.1, 0.01);
}

TEST_CASE("work on ratings that nobody wants any more ends before its next minibatch") {
  RatingLearner learner = learner_of(made_up_ratings(20), 2, {8, 1'000'000'000, 0.05});
  const auto state = learner.local_state(0);
  Values model = learner.initial_model();
  std::thread trainer([&] { learner.train(0, *state, model); });
  learner.abandon_work(true);
  trainer.join();  // in a billion steps else
}

TEST_CASE("the learning rate's schedule counts a node's rounds") {
  const auto ratings = made_up_ratings(4);
  TrainingSpec training{4, 3, 0.1};
  training.schedule.kind = LearningRateSchedule::Kind::step;
  training.schedule.every = 1;
  training.schedule.factor = 0;
  RatingLearner learner = learner_of(ratings, 2, training);
  const auto state = learner.local_state(0);
  Values model = learner.initial_model();
  learner.train(0, *state, model);
  CHECK(model != learner.initial_model());
  const Values after_first = model;
  learner.train(0, *state, model);
  CHECK(model == after_first);
}

TEST_CASE("matrix factorization refuses what it cannot have") {
  const auto error = [](const DataSpec& data, const TestSubset& test) {
    return make_learner({"matrix-factorization", 0}, data, {}, test, 2, 1, 1).error;
  };
  CHECK(error({"fashion-mnist", "", {}}, {}) ==
        "matrix factorization needs the data set movielens and its partition by-user");
  CHECK(error({"movielens", "", {"by-user"}}, {100}) ==
        "matrix factorization is tested on all ratings kept for that, not on some");
}

TEST_CASE("MovieLens itself: the sizes of the paper, and a model that learns" * doctest::test_suite("optional")) {
  const auto folder = test::real_data("ml-latest-small");
  if (folder.empty()) return;
  LearnerResult made =
      make_learner({"matrix-factorization", 0}, {"movielens", folder, {"by-user"}}, {16, 440, 0.1}, {}, 60, 1, 1);
  REQUIRE(made.error == "");
  Learner& learner = *made.learner;
  CHECK(learner.layout().numel() == 206'680);
  const RatingsResult ratings = read_movielens(folder);
  CHECK(ratings.ratings->all.size() == 100'836);
  CHECK(ratings.ratings->users == 610);
  CHECK(ratings.ratings->films == 9'724);
  const RatingSplit split = split_ratings(*ratings.ratings, 60, 1).split;
  const auto first_user = [&](NodeId node) { return ratings.ratings->all[split.train[node].front()].user; };
  CHECK(first_user(1) == 11);
  CHECK(first_user(10) == 110);
  CHECK(first_user(59) == 600);

  // All ratings at one node, eight passes. Without bias terms it stays above 1.04, what predicting the mean rating
  // gives.
  LearnerResult whole =
      make_learner({"matrix-factorization", 0}, {"movielens", folder, {"by-user"}}, {16, 4412, 0.1}, {}, 1, 1, 1);
  const auto state = whole.learner->local_state(0);
  Values model = whole.learner->initial_model();
  CHECK(whole.learner->evaluate(0, model, 0).loss > 3.6);
  for (int round = 0; round < 8; ++round) whole.learner->train(0, *state, model);
  const Evaluation trained = whole.learner->evaluate(0, model, 0);
  CHECK(trained.loss < 1.25);
  CHECK(trained.accuracy > 0.2);
}

}  // namespace
}  // namespace tardigrad
