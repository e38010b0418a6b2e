import Foundation
import Synchronization
import Terminal

/// Standard output, collected into few writes.
enum StandardOutput {
    private static let buffer = Mutex<[UInt8]>([])

    /// Appends text; it goes out when enough has come together, or with ``flush()``.
    static func write(_ text: String) {
        let isFull = buffer.withLock { buffer in
            buffer.append(contentsOf: text.utf8)
            return buffer.count >= 1 << 15
        }
        if isFull { flush() }
    }

    /// Appends a line.
    static func line(_ text: String) { write(text + "\n") }

    /// Sends what was collected; a reader that has gone away ends the program quietly.
    static func flush() {
        let bytes = buffer.withLock { buffer in
            defer { buffer = [] }
            return buffer
        }
        var left = bytes[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes { Foundation.write(1, $0.baseAddress, $0.count) }
            if count > 0 {
                left = left.dropFirst(count)
            } else if errno == EAGAIN {
                var descriptor = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
                _ = poll(&descriptor, 1, -1)
            } else if errno == EPIPE {
                exit(0)
            } else if errno != EINTR {
                StandardError.say("cannot write the output: \(String(cString: strerror(errno)))")
                exit(ExitStatus.store.rawValue)
            }
        }
    }
}

/// Standard error: a sentence at a time.
enum StandardError {
    /// Says a sentence for the person at the terminal; nothing in it can act on the terminal.
    static func say(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        for (place, line) in lines.enumerated() {
            put((place == 0 ? "signalbox: " : "  ") + Sanitizer.visible(String(line)) + "\n")
        }
    }

    /// Writes text as it is.
    static func put(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Foundation.write(2, $0.baseAddress, $0.count) }
    }
}
