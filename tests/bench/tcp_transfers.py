"""One side of a set of TCP transfers that begin at once. Used by tcp_shaping.sh.

tcp_transfers.py receive ADDRESS PORT BYTES COUNT   prints when the last byte of the last one came
tcp_transfers.py send ADDRESS PORT BYTES COUNT      prints when the first byte was handed over

Times are seconds of the machine's monotonic clock, which network namespaces share.
"""
import socket
import sys
import threading
import time


def receive(connection, size, ends):
    left = size
    while left > 0:
        part = connection.recv(min(left, 1 << 16))
        if not part:
            return
        left -= len(part)
    ends.append(time.monotonic())


def send(connection, size, start, begins):
    payload = bytes(size)
    start.wait()
    begins.append(time.monotonic())
    connection.sendall(payload)


def connected(address, port):
    for _ in range(100):
        try:
            return socket.create_connection((address, port), timeout=60)
        except ConnectionRefusedError:
            time.sleep(0.05)  # the receiver is not there yet
    sys.exit("tcp_transfers.py: nobody listens")


def in_threads(target, arguments):
    threads = [threading.Thread(target=target, args=own) for own in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    role, address, port, size, count = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    times = []
    if role == "receive":
        with socket.create_server((address, port), backlog=count) as server:
            server.settimeout(60)
            connections = [server.accept()[0] for _ in range(count)]
        in_threads(receive, [(connection, size, times) for connection in connections])
    else:
        connections = [connected(address, port) for _ in range(count)]
        start = threading.Barrier(count)
        in_threads(send, [(connection, size, start, times) for connection in connections])
    if len(times) < count:
        sys.exit("tcp_transfers.py: a transfer broke off")
    print(f"{max(times) if role == 'receive' else min(times):.6f}")


main()
