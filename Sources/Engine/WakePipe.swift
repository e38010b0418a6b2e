import Foundation
import Model

/// A pipe whose only use is to end another thread's poll(2).
package final class WakePipe: Sendable {
    /// The descriptor to poll.
    package let readEnd: Int32
    private let writeEnd: Int32

    /// A pipe of its own; neither end blocks.
    ///
    /// - Throws: a failure that says why the system gave none.
    package init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw Failure.validation("no pipe: \(String(cString: strerror(errno)))")
        }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Ends the poll.
    ///
    /// A full pipe is as good: the reader is about to wake anyway.
    package func signal() {
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }

    /// Empties the pipe, so that the next poll blocks again.
    package func drain() {
        var buffer = [UInt8](repeating: 0, count: 256)
        while read(readEnd, &buffer, buffer.count) > 0 {}
    }
}
