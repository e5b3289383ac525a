#include "runtime/transport/credit.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace tardigrad;

TEST_CASE("a sender stops at the window and goes on with what is given back") {
  SendWindow window(100);
  REQUIRE(window.has_room(60));
  window.accept(60);
  window.leave(60);
  REQUIRE(window.has_room(40));
  window.accept(40);
  CHECK_FALSE(window.has_room(1));
  CHECK(window.may_leave(40));
  window.leave(40);
  REQUIRE(window.give_back(60));
  CHECK(window.has_room(60));
  CHECK_FALSE(window.has_room(61));
}

TEST_CASE("a frame longer than the window goes alone") {
  SendWindow window(100);
  REQUIRE(window.has_room(1000));
  window.accept(1000);
  window.leave(1000);
  CHECK_FALSE(window.has_room(1));
  REQUIRE(window.give_back(1000));
  CHECK(window.has_room(1000));
}

TEST_CASE("no receiver gives back more than has left") {
  SendWindow window(100);
  window.accept(50);
  CHECK_FALSE(window.give_back(1));
  window.leave(50);
  CHECK_FALSE(window.give_back(51));
  CHECK(window.give_back(50));
}

TEST_CASE("a window as large as a number can be does not overflow") {
  SendWindow window(~std::uint64_t{0});
  window.accept(10);
  CHECK(window.has_room(~std::uint64_t{0} - 10));
  CHECK_FALSE(window.has_room(~std::uint64_t{0} - 9));
}

TEST_CASE("a receiver holds the sender to the window") {
  ReceiveWindow window(100);
  CHECK(window.admit(100));
  CHECK_FALSE(window.admit(1));
}

TEST_CASE("what is released is announced in batches of an eighth of the window") {
  ReceiveWindow window(80);
  REQUIRE(window.admit(30));
  window.release(9);
  CHECK(window.take_announcement() == 0);
  window.release(1);
  CHECK(window.take_announcement() == 10);
  CHECK(window.take_announcement() == 0);
}

TEST_CASE("a sender that asks is told of everything at once, until its next frame") {
  ReceiveWindow window(800);
  REQUIRE(window.admit(30));
  window.release(1);
  REQUIRE(window.take_announcement() == 0);
  window.ask();
  CHECK(window.take_announcement() == 1);
  window.release(2);
  CHECK(window.take_announcement() == 2);
  REQUIRE(window.admit(1));
  window.release(3);
  CHECK(window.take_announcement() == 0);
}

TEST_CASE("an announcement that is longer than a message can say goes in two") {
  ReceiveWindow window(100);
  REQUIRE(window.admit(0x1'0000'0005));
  window.release(0x1'0000'0005);
  CHECK(window.take_announcement() == 0xffff'ffff);
  window.ask();
  CHECK(window.take_announcement() == 6);
}

TEST_CASE("a sender and a receiver of one window never disagree, and never stand still") {
  for (const std::uint64_t share : {1U, 13U, 14U, 90U, 100U, 101U, 1000U}) {
    SendWindow sender(100);
    ReceiveWindow receiver(100);
    std::uint64_t held = 0;
    for (int round = 0; round < 1000; ++round) {
      while (sender.has_room(share)) {
        sender.accept(share);
        REQUIRE(sender.may_leave(share));
        sender.leave(share);
        REQUIRE(receiver.admit(share));
        held += share;
      }
      receiver.ask();
      REQUIRE(held > 0);
      receiver.release(share);
      held -= share;
      REQUIRE(sender.give_back(receiver.take_announcement()));
      REQUIRE(sender.has_room(share));
    }
  }
}
