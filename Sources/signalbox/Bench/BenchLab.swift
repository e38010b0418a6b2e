import Engine
import Foundation
import Model
import Operations
import Store
import Synchronization

/// Where measurements are made: a folder on the disk in question, and fresh stores in it.
final class BenchLab: Sendable {
    /// The folder; gone afterwards.
    let folder: TemporaryFolder
    /// How many jobs a large store holds.
    let size: Int
    private let made = Mutex(0)

    /// A lab in that folder.
    init(folder: TemporaryFolder, size: Int) {
        self.folder = folder
        self.size = size
    }

    /// A path for a new store.
    func path() -> String {
        let number = made.withLock { made in
            made += 1
            return made
        }
        return "\(folder.path)/store-\(number).sqlite"
    }

    /// Real milliseconds that something takes.
    static func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        let began = ContinuousClock.now
        try body()
        return (ContinuousClock.now - began) / .milliseconds(1)
    }

    /// How many a second of something are done, beside a baseline, in turns and by their medians.
    ///
    /// A disk is now fast, now slow; what is measured in turns meets the same disk.
    static func beside(
        _ count: Int,
        rounds: Int = 7,
        _ body: () throws -> Void,
        baseline: () throws -> Void
    ) rethrows -> (measured: Double, baseline: Double) {
        var took: (measured: [Double], baseline: [Double]) = ([], [])
        for _ in 0..<rounds {
            took.measured.append(try milliseconds(body))
            took.baseline.append(try milliseconds(baseline))
        }
        func rate(_ times: [Double]) -> Double { Double(count) / Percentiles(times)(50) * 1000 }
        return (rate(took.measured), rate(took.baseline))
    }

    /// A job that does nothing and locks a resource of its own.
    static func noop(_ number: Int) -> Submission {
        Submission(
            kind: "noop",
            parameters: ["lock": "vm/bench-\(number)"],
            user: "bench"
        )
    }

    /// Fills a store with jobs in these states by turns.
    ///
    /// Those that are `queued` wait in the lane of work on no host. The newest is `age`
    /// milliseconds old.
    static func fill(
        _ store: SQLiteStore,
        _ count: Int,
        _ states: [JobState],
        age: Int64 = 0
    ) throws {
        let kinds = ["vm.start", "vm.stop", "vm.migrate", "snapshot.create", "vm.deploy"]
        let users = ["alice", "bob", "carol", "dave"]
        let now = WallClock().now()
        var chance = SeededChance(seed: 1)
        var left = count
        while left > 0 {
            let part = min(left, 2000)
            try store.write(as: nil) { tx in
                let first = try tx.take(part, from: .job)
                var jobs: [StoredJob] = []
                var steps: [(job: JobID, step: StepRecord)] = []
                for number in first..<first + Int64(part) {
                    let place = Int(number)
                    let state = states[place % states.count]
                    let id = JobID(number)
                    let created = now + (Int64(place - count) * 10 - age)
                    var job = Job(
                        id: id,
                        uuid: chance.uuid(at: created),
                        kind: state == .queued ? "noop" : kinds[place % kinds.count],
                        target: state == .queued
                            ? .none : Target(type: "vm", name: "web-\(place % 5000)"),
                        state: state,
                        user: users[place % users.count],
                        createdAt: created
                    )
                    job.lane = Operation.controlLane
                    job.message = "made for a measurement"
                    if state.isTerminal {
                        job.progress = 100
                        job.startedAt = created
                        job.finishedAt = created + 5
                    }
                    var stored = StoredJob(job: job)
                    stored.isPlanned = true
                    if state == .queued {
                        stored.queue = job.lane
                        stored.rank = created.milliseconds
                    }
                    let step = Step("Do nothing", .operation(Operation("noop", on: "")))
                    steps.append((id, StepRecord(index: 0, step: step)))
                    jobs.append(stored)
                }
                try tx.insert(jobs, ofStep: nil)
                try tx.save(steps)
            }
            left -= part
        }
    }
}

/// An engine at work on a fresh store, whose operations are done at once.
final class BenchEngine: Sendable {
    let store: SQLiteStore
    let runner: EngineRunner
    let backend: TimedBackend
    private let ended = Atomic<Int64>(0)
    private let turns = Atomic<Int64>(0)
    private let owned = DispatchSemaphore(value: 0)

    /// Opens the store at the path and starts the engine; returns when it owns the store.
    init(path: String) throws {
        let store = try SQLiteStore(path: path)
        self.store = store
        let watcher = try StoreWatcher(storePath: path)
        backend = TimedBackend()
        let box = NoticeBox()
        runner = try EngineRunner(
            clock: WallClock(),
            watched: [watcher.descriptor],
            drain: { watcher.drain() },
            notice: { box.take($0) }
        )
        box.connect(self)
        let backend = backend
        runner.start { now in
            guard try store.lock?.tryTake(as: .current(since: now)) != false else { return nil }
            return try Engine(
                store: store,
                kinds: KindRegistry([Noop()]),
                backend: backend,
                settings: EngineSettings(
                    process: getpid(),
                    machine: StoreLock.Holder.current(since: now).machine,
                    bootID: StoreLock.Holder.current(since: now).bootID,
                    seed: 1
                ),
                at: now
            )
        }
        owned.wait()
    }

    /// How many jobs have ended since the start.
    var endedCount: Int64 { ended.load(ordering: .acquiring) }
    /// How many turns were made since the start.
    var turnCount: Int64 { turns.load(ordering: .acquiring) }

    fileprivate func take(_ notice: EngineRunner.Notice) {
        switch notice {
        case .owning: owned.signal()
        case .turned(let count):
            ended.store(count, ordering: .releasing)
            turns.add(1, ordering: .relaxed)
        case .trouble(let text): StandardError.say(text)
        }
    }

    /// Waits until so many jobs have ended since the start.
    func wait(ended count: Int64) {
        while endedCount < count { usleep(200) }
    }

    /// Submits a job and waits until it is durable.
    func submit(_ submission: Submission) {
        let done = DispatchSemaphore(value: 0)
        runner.submit(.byMachine(submission)) { _ in done.signal() }
        done.wait()
    }

    /// Stops the engine and closes the store.
    func stop() throws {
        runner.stop()
        store.lock?.release()
        try store.close()
    }
}

/// Brings notices to an engine that is still being made.
private final class NoticeBox: Sendable {
    private let engine = Mutex<BenchEngine?>(nil)

    func connect(_ engine: BenchEngine) { self.engine.withLock { $0 = engine } }

    func take(_ notice: EngineRunner.Notice) { engine.withLock { $0 }?.take(notice) }
}

/// A backend on which everything is done at once, and that notes when a job's step begins.
final class TimedBackend: Backend {
    private let inner = ImmediateBackend()
    private let begun = Mutex<[String: ContinuousClock.Instant]>([:])
    private let isNoting = Atomic(false)

    /// Notes from now on when operations begin.
    func note() { isNoting.store(true, ordering: .releasing) }

    /// When the first step of a job began, if it did.
    func beginning(of job: JobID) -> ContinuousClock.Instant? {
        begun.withLock { $0["\(job.number)/0/1"] }
    }

    func perform(_ calls: [BackendCall], at now: Timestamp) {
        if isNoting.load(ordering: .acquiring) {
            let moment = ContinuousClock.now
            begun.withLock { begun in
                for case .begin(let call) in calls { begun[call.name] = moment }
            }
        }
        inner.perform(calls, at: now)
    }

    func takeNews(at now: Timestamp) -> [BackendNews] { inner.takeNews(at: now) }
    func nextNews(after now: Timestamp) -> Timestamp? { inner.nextNews(after: now) }
    func resolve(lane: String) -> String { inner.resolve(lane: lane) }
    func slots(inLane lane: String) -> Int { inner.slots(inLane: lane) }
}
