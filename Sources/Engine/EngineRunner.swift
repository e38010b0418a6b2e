import Foundation
package import Model
import Store
import Synchronization

/// Gives an engine a thread, wakes it when something arrives, and stands by while another process
/// owns the store.
///
/// Everything here may be called from any thread. Idle means blocked in poll(2): no timer ticks
/// unless some job waits for a moment.
package final class EngineRunner: Sendable {
    /// Makes the engine if this process can own the store now; nil if another one owns it.
    package typealias Maker = @Sendable (Timestamp) throws -> Engine?

    /// Says that the engine lives, if that is due.
    ///
    /// Gives milliseconds until it is due again, nil for never. Throws if another engine has the
    /// store by now.
    package typealias Beat = @Sendable (Timestamp) throws -> Int64?

    /// What the outside hears of.
    package enum Notice: Sendable {
        /// This process owns the store from now on.
        case owning(epoch: Int64)
        /// A turn was committed; so many jobs have ended since this engine began.
        case turned(ended: Int64)
        /// A turn could not be committed; it will be tried again.
        case trouble(String)
    }

    private struct State {
        var inbox = Inbox()
        var isStopping = false
        var isOwner = false
        var hasHeard = false
        var isEnding = false
        var atWork = 0
        /// Whether the engine looks by itself for what arrives, so that nobody has to wake it.
        var isLooking = false
    }

    /// Rings after every commit, of this process's engine or of another.
    package let bell = JournalBell()
    private let state = Mutex(State())
    private let clock: any EngineClock
    private let wake: WakePipe
    private let watched: [Int32]
    private let drain: @Sendable () -> Bool
    private let notice: @Sendable (Notice) -> Void
    private let beat: Beat
    private let lost: @Sendable () -> Void
    private let finished = DispatchSemaphore(value: 0)

    /// A runner that has not started.
    ///
    /// - Parameters:
    ///   - clock: the time the engine lives in.
    ///   - watched: descriptors that become readable when another process may have written.
    ///   - drain: empties them; says whether something may have changed.
    ///   - notice: is told, on the engine's thread, what happens.
    ///   - beat: renews the engine's lease; called on its thread.
    ///   - lost: is called there when another engine has taken the store over.
    /// - Throws: a failure if the system gives no pipe.
    package init(
        clock: any EngineClock,
        watched: [Int32],
        drain: @escaping @Sendable () -> Bool,
        notice: @escaping @Sendable (Notice) -> Void,
        beat: @escaping Beat = { _ in nil },
        lost: @escaping @Sendable () -> Void = {}
    ) throws {
        self.clock = clock
        self.watched = watched
        self.drain = drain
        self.notice = notice
        self.beat = beat
        self.lost = lost
        wake = try WakePipe()
    }

    /// Starts the thread; may be called once.
    package func start(_ make: @escaping Maker) {
        let thread = Thread { [self] in
            run(make)
            finished.signal()
        }
        thread.name = "engine"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Has the engine stop after its present turn, and waits until it has.
    ///
    /// Jobs go on at the
    /// backend; the next engine takes them up.
    package func stop() {
        let isFirst = state.withLock { state in
            defer { state.isStopping = true }
            return !state.isStopping
        }
        wake.signal()
        if isFirst { finished.wait() }
    }

    /// Has the engine begin no further step.
    ///
    /// What is at work goes on, and so do undo and end actions.
    package func beginNothing() {
        state.withLock { $0.isEnding = true }
        wake.signal()
    }

    /// How many operations of this process's engine are at the backend.
    package var atWork: Int { state.withLock { $0.isOwner ? $0.atWork : 0 } }

    /// Whether this process owns the store.
    package var isOwner: Bool { state.withLock { $0.isOwner } }

    /// Hands in a new job; `reply` is called from the engine's thread after the commit.
    package func submit(_ submission: Passed<Submission>, reply: @escaping RequestReply) {
        post { $0.submissions.append((submission.thing, reply)) }
    }

    /// Hands in a request about a job; `reply` is called from the engine's thread.
    package func request(_ request: Passed<OperatorRequest>, reply: @escaping RequestReply) {
        post { $0.requests.append((request.thing, reply)) }
    }

    /// Has the engine look at the clock and the backend again, because one of them was changed.
    package func nudge() { wake.signal() }

    private func post(_ change: (inout Inbox) -> Void) {
        let mustWake = state.withLock { state in
            let mustWake = state.inbox.isEmpty && !state.isLooking
            change(&state.inbox)
            return mustWake
        }
        if mustWake { wake.signal() }
    }

    // MARK: The thread

    private func run(_ make: Maker) {
        var engine: Engine?
        var pause: Int32 = 0
        while !state.withLock({ $0.isStopping }) {
            do {
                if engine == nil { engine = try makeEngine(make) }
                guard let present = engine else {
                    refuseWaiting()
                    rest(for: Self.standbyMilliseconds)
                    listen()
                    continue
                }
                present.isEnding = state.withLock { $0.isEnding }
                _ = try beat(clock.now())
                let inbox = takeInbox()
                try present.turn(inbox, at: clock.now(), wall: clock.wall())
                state.withLock { $0.atWork = present.atWork }
                bell.ring()
                notice(.turned(ended: present.endedCount))
                pause = 0
                if inbox.hasWork, look() { continue }
                try waitForWork(present)
            } catch let error as StoreError where error.code == .notOwner {
                engine = nil
                state.withLock { ($0.isOwner, $0.isLooking) = (false, false) }
                lost()
                notice(.trouble(error.description))
                rest(for: Self.standbyMilliseconds)
            } catch {
                state.withLock { $0.isLooking = false }
                notice(.trouble(String(describing: error)))
                pause = min(5000, max(200, pause * 2))
                rest(for: pause)
            }
        }
        // If this cannot be written, the next engine takes this one for dead.
        try? engine?.leave(at: clock.now())
        refuseWaiting()
    }

    /// Rings for what another engine may have committed.
    ///
    /// A write is reported a little before its commit can be seen, so it is rung for twice.
    private func listen() {
        let isHeard = drain()
        let isEcho = state.withLock { state in
            defer { state.hasHeard = isHeard }
            return state.hasHeard
        }
        if isHeard || isEcho { bell.ring() }
    }

    /// How long a standby waits before it tries to own the store again.
    private static let standbyMilliseconds: Int32 = 250

    private func makeEngine(_ make: Maker) throws -> Engine? {
        guard let engine = try make(clock.now()) else { return nil }
        state.withLock { $0.isOwner = true }
        notice(.owning(epoch: engine.epoch))
        return engine
    }

    /// At most one turn's worth of submissions; the others stay for the next turn.
    private func takeInbox() -> Inbox {
        let changed = drain()
        return state.withLock { state in
            var taken = state.inbox
            state.inbox = Inbox()
            taken.checksStore = taken.checksStore || changed
            state.isLooking = taken.hasWork
            let excess = taken.submissions.count - Engine.submissionLimit
            if excess > 0 {
                state.inbox.submissions = Array(taken.submissions.suffix(excess))
                taken.submissions.removeLast(excess)
            }
            return taken
        }
    }

    /// While another engine owns the store, callers are told to write into the store instead.
    private func refuseWaiting() {
        let waiting = state.withLock { state in
            defer { state.inbox = Inbox() }
            return state.inbox
        }
        let error = StoreError(.notOwner, action: "hand the request to this process's engine")
        for (_, reply) in waiting.submissions { reply(.failure(error)) }
        for (_, reply) in waiting.requests { reply(.failure(error)) }
    }

    /// Blocks until there is something to decide; says meanwhile that the engine lives.
    private func waitForWork(_ engine: Engine) throws {
        let lead = clock.wall() - clock.now()
        while state.withLock({ $0.inbox.isEmpty && !$0.isStopping }) {
            let now = clock.now()
            if let next = engine.nextTurn(after: now), next <= now { return }
            // Somebody set the clock on the wall: due times are looked at anew.
            if abs((clock.wall() - now) - lead) > Self.wallTolerance { return }
            let timeout = engine.nextTurn(after: now).map { clock.milliseconds(until: $0) }
            let left = try beat(now).map { Int32(clamping: max(1, $0)) }
            let pause = [timeout, left].compactMap { $0 }.min() ?? -1
            if rest(for: pause) { return }
            // Writes to other files beside the store are no reason for a turn.
            guard drain() else { continue }
            return state.withLock { $0.inbox.checksStore = true }
        }
    }

    /// Looks a moment for the next request of a caller that has just been answered.
    ///
    /// A caller that waits for each answer is back sooner than a thread falls asleep and wakes up.
    ///
    /// - Returns: whether something arrived.
    private func look() -> Bool {
        for _ in 0..<Self.lookRounds {
            if state.withLock({ !$0.inbox.isEmpty || $0.isStopping }) { break }
            sched_yield()
        }
        return state.withLock { state in
            state.isLooking = false
            return !state.inbox.isEmpty
        }
    }

    /// How often it looks: some hundred microseconds, about what a caller takes to come back.
    private static let lookRounds = 300

    /// By how many milliseconds the clock on the wall may move before due times are looked at.
    private static let wallTolerance: Int64 = 500

    /// Blocks until something arrives, or that many milliseconds have passed; negative is for ever.
    ///
    /// - Returns: whether this process has something for the engine.
    @discardableResult
    private func rest(for milliseconds: Int32) -> Bool {
        var descriptors = ([wake.readEnd] + watched).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        _ = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        wake.drain()
        return descriptors[0].revents != 0
    }
}
