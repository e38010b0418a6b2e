import CNcurses
import Glibc

/// Reads the terminal and waits for it; holds back what may become a longer sequence.
@MainActor
struct Keyboard {
    /// Whether the terminal is gone: nothing is read from it any more.
    private(set) var isGone = false

    private let descriptor: Int32
    private var decoder = InputDecoder()
    private var queue: [Input] = []
    private var heldSince: Int64 = 0
    private var mustTellLoss = false

    /// The most bytes taken in one go, so that a flood of input cannot stop the drawing.
    private static let mostBytes = 16 * 4096

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Notes that the terminal is gone; the next wait, or the one under way, tells it once.
    mutating func lose() {
        mustTellLoss = mustTellLoss || !isGone
        isGone = true
    }

    /// Whether the loss of the terminal is still to be told; asking tells it.
    mutating func tellLoss() -> Bool {
        defer { mustTellLoss = false }
        return mustTellLoss
    }

    /// Waits for the terminal, a signal, or a descriptor.
    ///
    /// - Parameters:
    ///   - descriptors: What else to wait for.
    ///   - output: The terminal's output, when it is to take bytes again.
    ///   - milliseconds: The longest wait; negative for no limit.
    /// - Returns: What can be read now; signals are not looked at.
    mutating func wait(for descriptors: [Int32], output: Int32?, milliseconds: Int) -> Wake {
        let readable = Int16(POLLIN)
        var polled = [
            pollfd(fd: isGone ? -1 : descriptor, events: readable, revents: 0),
            pollfd(fd: cn_signal_descriptor(), events: readable, revents: 0),
            pollfd(fd: isGone ? -1 : output ?? -1, events: Int16(POLLOUT), revents: 0),
        ]
        polled += descriptors.map { pollfd(fd: $0, events: readable, revents: 0) }
        let count = poll(&polled, nfds_t(polled.count), limit(milliseconds))
        guard count >= 0 else { return Wake(hasInput: !queue.isEmpty) }
        var wake = Wake()
        judgeInput(Int32(polled[0].revents), &wake)
        if polled[2].revents != 0 { wake.events.insert(.drained) }
        wake.descriptors = polled.dropFirst(3).filter { $0.revents != 0 }.map(\.fd)
        wake.hasInput = wake.hasInput || !queue.isEmpty
        return wake
    }

    /// Looks at what poll said of the terminal.
    private mutating func judgeInput(_ state: Int32, _ wake: inout Wake) {
        if state & POLLIN != 0 {
            wake.hasInput = true
        } else if state & (POLLHUP | POLLERR | POLLNVAL) != 0 {
            lose()
        } else if let patience = decoder.patience,
            cn_milliseconds() - heldSince >= Int64(patience)
        {
            queue += decoder.timeout()
        }
    }

    /// How long poll may wait, in milliseconds, so that an ESC does not lie too long.
    private func limit(_ milliseconds: Int) -> Int32 {
        guard queue.isEmpty, !mustTellLoss else { return 0 }
        let wanted = Int32(clamping: milliseconds)
        guard let patience = decoder.patience else { return max(wanted, -1) }
        let left = Int32(clamping: max(heldSince + Int64(patience) - cn_milliseconds(), 0))
        return wanted < 0 ? left : min(wanted, left)
    }

    /// All input there is; does not wait.
    mutating func read() -> [Input] {
        defer { queue.removeAll(keepingCapacity: true) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        var taken = 0
        while !isGone, taken < Self.mostBytes, isReadable() {
            let count = Glibc.read(descriptor, &bytes, bytes.count)
            if count > 0 {
                queue += decoder.feed(bytes[..<count])
                heldSince = cn_milliseconds()
                taken += count
            } else if count == 0 || errno != EINTR && errno != EAGAIN {
                lose()
            }
        }
        return queue
    }

    private func isReadable() -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) > 0 && polled.revents & Int16(POLLIN) != 0
    }
}
