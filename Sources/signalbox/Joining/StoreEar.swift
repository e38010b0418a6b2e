import Foundation
import Model
import Store

/// Waits for changes of a store that other processes, or this one, make.
final class StoreEar {
    private let watcher: StoreWatcher
    private let signals: SignalPipe
    private var echoes = Echoes()
    private let heedsReader: Bool

    /// Listens to the store at that path.
    ///
    /// With `heedsReader`, the program ends as soon as nobody reads its output any more, even if it
    /// has nothing to say.
    init(_ storePath: String, heedsReader: Bool = false) throws {
        self.heedsReader = heedsReader
        watcher = try StoreWatcher(storePath: storePath)
        signals = try SignalPipe.shared()
    }

    /// Waits until something may have changed or that many milliseconds have passed; negative is
    /// for ever.
    ///
    /// - Throws: an ending if the person interrupts.
    func wait(milliseconds: Int32) throws {
        StandardOutput.flush()
        var descriptors = [watcher.descriptor, signals.readEnd].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        if heedsReader { descriptors.append(pollfd(fd: 1, events: 0, revents: 0)) }
        let pause = echoes.next(within: milliseconds)
        _ = poll(&descriptors, nfds_t(descriptors.count), pause)
        if heedsReader, descriptors[2].revents != 0 { throw Ending(.done) }
        if signals.take() != nil { throw Ending(.interrupted) }
        if watcher.drain() { echoes.begin() }
    }

    /// Calls `look` at once and after each change until it gives an answer or time runs out.
    ///
    /// What is looked at may depend on more than the store, such as whether an engine is alive: so
    /// it is also called after each `pause`. Gives nil if time ran out; a limit of nil is none.
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

/// When to look again after a write was reported.
///
/// A write is reported before its commit can be seen by readers, and how long a commit takes
/// depends on the disk: so whoever only reads looks at once, and a few times more in growing
/// distances.
struct Echoes {
    private static let pauses: [Int32] = [3, 8, 20, 60, 200, 600]
    private(set) var left: ArraySlice<Int32> = []

    /// A write was reported.
    mutating func begin() { left = Self.pauses[...] }

    /// How long to wait at most, in milliseconds, where otherwise one would wait so long; negative
    /// is for ever.
    mutating func next(within milliseconds: Int32) -> Int32 {
        guard let pause = left.popFirst() else { return milliseconds }
        return milliseconds < 0 ? pause : min(pause, milliseconds)
    }
}

extension Echoes {
    /// Whether there is more to come.
    var isSounding: Bool { !left.isEmpty }
}
