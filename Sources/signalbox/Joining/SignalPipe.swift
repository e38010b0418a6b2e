import Foundation
import Model
import Synchronization

/// Turns SIGINT, SIGTERM and SIGHUP into something that poll(2) can wait for.
final class SignalPipe: Sendable {
    /// Becomes readable when a signal came.
    let readEnd: Int32

    private static let one = Mutex<SignalPipe?>(nil)
    /// The end that the handler writes to; a handler can only reach what is global.
    private static let writeEnd = Atomic<Int32>(-1)

    /// The pipe of this process; signals are caught from the first call on.
    static func shared() throws -> SignalPipe {
        try one.withLock { one in
            if let one { return one }
            let made = try SignalPipe()
            one = made
            return made
        }
    }

    private init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw Complaint(.store, "no pipe: \(String(cString: strerror(errno)))")
        }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        readEnd = ends[0]
        Self.writeEnd.store(ends[1], ordering: .releasing)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(SignalPipe.writeEnd.load(ordering: .relaxed), &byte, 1)
            }
        }
    }

    /// The signal that came, if any; does not wait.
    func take() -> Int32? {
        var byte: UInt8 = 0
        return read(readEnd, &byte, 1) == 1 ? Int32(byte) : nil
    }

    /// Waits for a signal, at most so long; nil if none came.
    func wait(milliseconds: Int32) -> Int32? {
        if let number = take() { return number }
        var descriptor = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        _ = poll(&descriptor, 1, milliseconds)
        return take()
    }

    /// Waits for a signal.
    func wait() -> Int32 {
        while true {
            if let number = take() { return number }
            var descriptor = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
            _ = poll(&descriptor, 1, -1)
        }
    }
}
