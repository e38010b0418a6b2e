import Engine
import Foundation
import Model
import Store
import Synchronization

/// How fast jobs live, and how soon they begin.
enum EngineBenches {
    /// The durable life of jobs from many submitters.
    static func lifecycle(_ lab: BenchLab) throws -> [BenchLine] {
        let count = 10_000
        let engine = try BenchEngine(path: lab.path())
        let raw = try RawBaseline(path: lab.path())
        var ended: Int64 = 0
        let rates = try BenchLab.beside(count) {
            lives(count, engine, &ended)
        } baseline: {
            try raw.lives(count, batch: 1000)
        }
        try engine.stop()
        try raw.close()
        let line = BenchLine(
            "lifecycle",
            "durable lives of jobs, many submitters",
            rates.measured,
            "jobs/s",
            baseline: rates.baseline
        )
        return [line.reaching("≥ 25000, ≥ 70 %", line.value >= 25_000 && line.share ?? 0 >= 70)]
    }

    /// One submitter that waits for each job to be durable.
    static func submit(_ lab: BenchLab) throws -> [BenchLine] {
        let count = 400
        let engine = try BenchEngine(path: lab.path())
        let raw = try RawBaseline(path: lab.path())
        let rates = try BenchLab.beside(count) {
            for number in 0..<count {
                // Jobs for later: what is measured is their being accepted, not their lives.
                var submission = BenchLab.noop(number)
                submission.dueAt = WallClock().now() + 86_400_000
                engine.submit(submission)
            }
        } baseline: {
            for _ in 0..<count { try raw.commitOne() }
        }
        try engine.stop()
        try raw.close()
        let line = BenchLine(
            "submit",
            "one submitter, durable on return",
            rates.measured,
            "jobs/s",
            baseline: rates.baseline
        )
        return [line.reaching("≥ 80 %", line.share ?? 0 >= 80)]
    }

    /// From a job's being durable to its step's beginning, in this process.
    static func pickup(_ lab: BenchLab) throws -> [BenchLine] {
        let engine = try BenchEngine(path: lab.path())
        engine.backend.note()
        let replies = Mutex<[(JobID, ContinuousClock.Instant)]>([])
        var calls: [ContinuousClock.Instant] = []
        for number in 0..<500 {
            calls.append(.now)
            let done = DispatchSemaphore(value: 0)
            engine.runner.submit(.byMachine(BenchLab.noop(number))) { result in
                // The reply is sent after the commit: what comes before it began at once.
                if case .success(.accepted(let job)) = result {
                    replies.withLock { $0.append((job, .now)) }
                }
                done.signal()
            }
            done.wait()
        }
        engine.wait(ended: 500)
        let committed = replies.withLock { $0 }
        let waits = committed.compactMap { job, at in
            engine.backend.beginning(of: job).map { max(0, ($0 - at) / .milliseconds(1)) }
        }
        let whole = zip(committed, calls).compactMap { item, call in
            engine.backend.beginning(of: item.0).map { ($0 - call) / .milliseconds(1) }
        }
        try engine.stop()
        let at = Percentiles(waits)
        return [
            BenchLine(
                "pickup",
                "submit → step begins, commit and all, p50",
                Percentiles(whole)(50),
                "ms"
            ),
            BenchLine("pickup", "commit → step begins, p50", at(50), "ms")
                .reaching("≤ 0.5", at(50) <= 0.5),
            BenchLine("pickup", "commit → step begins, p99", at(99), "ms")
                .reaching("≤ 3", at(99) <= 3),
        ]
    }

    /// The same for jobs that somebody else writes into the store.
    static func pickupFromOutside(_ lab: BenchLab) throws -> [BenchLine] {
        let path = lab.path()
        let engine = try BenchEngine(path: path)
        engine.backend.note()
        let other = try SQLiteStore(path: path)
        var chance = SeededChance(seed: 2)
        var committed: [(JobID, ContinuousClock.Instant)] = []
        for number in 0..<300 {
            let outcome = try other.write(as: nil) { tx in
                try OutsideSubmission.insert(
                    BenchLab.noop(number),
                    into: tx,
                    chance: &chance,
                    at: WallClock().now()
                )
            }
            if case .accepted(let job) = outcome { committed.append((job, .now)) }
            engine.wait(ended: Int64(number + 1))
        }
        let waits = committed.compactMap { job, at in
            engine.backend.beginning(of: job).map { max(0, ($0 - at) / .milliseconds(1)) }
        }
        try other.close()
        try engine.stop()
        let at = Percentiles(waits)
        return [
            BenchLine("pickup-process", "commit elsewhere → step begins, p50", at(50), "ms"),
            BenchLine("pickup-process", "commit elsewhere → step begins, p99", at(99), "ms")
                .reaching("≤ 25", at(99) <= 25),
        ]
    }

    /// What an engine does that has nothing to do.
    static func idle(_ lab: BenchLab) throws -> [BenchLine] {
        let engine = try BenchEngine(path: lab.path())
        engine.submit(BenchLab.noop(0))
        engine.wait(ended: 1)
        usleep(500_000)
        let (turns, cpu) = (engine.turnCount, Process.cpuMilliseconds())
        usleep(5_000_000)
        let used = Process.cpuMilliseconds() - cpu
        let turned = engine.turnCount - turns
        try engine.stop()
        return [
            BenchLine("idle", "processor used in five seconds", used / 50, "%")
                .reaching("< 0.1", used / 50 < 0.1),
            BenchLine("idle", "turns, each some statements", Double(turned), "")
                .reaching("0", turned == 0),
        ]
    }

    /// How fast queued jobs are dispatched when there are many more of them.
    static func backlog(_ lab: BenchLab) throws -> [BenchLine] {
        let count = 10_000
        let few = try dispatch(count, of: count, lab)
        let many = try dispatch(count, of: max(lab.size, count), lab)
        let line = BenchLine(
            "backlog",
            "dispatched of \(max(lab.size, count)) queued",
            many,
            "jobs/s",
            baseline: few
        )
        return [line.reaching("≥ 90 % of few", line.share ?? 0 >= 90)]
    }

    /// The durable life of jobs in a store that remembers ten times as many as are queued in a
    /// large one, beside that in a store that remembers none.
    static func finished(_ lab: BenchLab) throws -> [BenchLine] {
        let count = 10_000
        let all = lab.size * 10
        let path = lab.path()
        let filled = try SQLiteStore(path: path)
        try BenchLab.fill(filled, all, [.completed, .completed, .failed, .completed, .aborted])
        try filled.close()
        let full = try BenchEngine(path: path)
        let empty = try BenchEngine(path: lab.path())
        var ended: Int64 = 0
        let rates = BenchLab.beside(count) {
            lives(count, full, &ended)
        } baseline: {
            // As many have ended there.
            var before = ended - Int64(count)
            lives(count, empty, &before)
        }
        try full.stop()
        try empty.stop()
        let line = BenchLine(
            "finished",
            "durable lives of jobs beside \(all) finished ones",
            rates.measured,
            "jobs/s",
            baseline: rates.baseline
        )
        return [line.reaching("≥ 90 % of none", line.share ?? 0 >= 90)]
    }

    /// The lives of so many jobs, at most two thousand at once.
    private static func lives(_ count: Int, _ engine: BenchEngine, _ ended: inout Int64) {
        let window = DispatchSemaphore(value: 2000)
        for number in 0..<count {
            window.wait()
            engine.runner.submit(.byMachine(BenchLab.noop(number))) { _ in window.signal() }
        }
        ended += Int64(count)
        engine.wait(ended: ended)
    }

    private static func dispatch(_ count: Int, of all: Int, _ lab: BenchLab) throws -> Double {
        let path = lab.path()
        let filled = try SQLiteStore(path: path)
        try BenchLab.fill(filled, all, [.queued])
        try filled.close()
        let began = ContinuousClock.now
        let engine = try BenchEngine(path: path)
        engine.wait(ended: Int64(count))
        let took = (ContinuousClock.now - began) / .seconds(1)
        let ended = engine.endedCount
        try engine.stop()
        return Double(ended) / took
    }
}

extension Process {
    /// Processor time that this process has used, in milliseconds.
    static func cpuMilliseconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let times = [usage.ru_utime, usage.ru_stime]
        return times.reduce(0) { $0 + Double($1.tv_sec) * 1000 + Double($1.tv_usec) / 1000 }
    }

    /// Memory of this process that is in use, in MB.
    static func residentMegabytes() -> Double { kilobytes("VmRSS:") / 1024 }

    /// The most memory that this process ever had in use, in MB.
    static func peakMegabytes() -> Double { kilobytes("VmHWM:") / 1024 }

    private static func kilobytes(_ name: String) -> Double {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
        return Double(line.filter(\.isNumber)) ?? 0
    }
}
