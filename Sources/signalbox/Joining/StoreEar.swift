import Foundation
import Model
import Store

/// Waits for changes of a store that other processes, or this one, make.
final class StoreEar {
    private let watcher: StoreWatcher
    private let signals: SignalPipe

    /// Listens to the store at that path.
    init(_ storePath: String) throws {
        watcher = try StoreWatcher(storePath: storePath)
        signals = try SignalPipe.shared()
    }

    /// Waits until something may have changed or that many milliseconds have passed.
    ///
    /// - Throws: an ending if the person interrupts.
    func wait(milliseconds: Int32) throws {
        StandardOutput.flush()
        var descriptors = [watcher.descriptor, signals.readEnd].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        _ = poll(&descriptors, 2, milliseconds)
        if signals.take() != nil { throw Ending(.interrupted) }
        _ = watcher.drain()
    }

    /// Calls `look` at once and after each change until it gives an answer or time runs out.
    ///
    /// - Parameters:
    ///   - milliseconds: the longest wait; nil for none.
    ///   - pause: looks anyway after so many milliseconds; what is looked at may depend on more
    ///     than the store, such as whether an engine is alive.
    /// - Returns: the answer; nil if time ran out.
    func await<Answer>(
        milliseconds: Int64?,
        pause: Int64 = 500,
        _ look: () throws -> Answer?
    ) throws -> Answer? {
        let began = ContinuousClock.now
        while true {
            if let answer = try look() { return answer }
            let passed = Int64((ContinuousClock.now - began) / .milliseconds(1))
            let left = milliseconds.map { $0 - passed } ?? pause
            guard left > 0 else { return nil }
            try wait(milliseconds: Int32(clamping: min(left, pause)))
        }
    }
}
