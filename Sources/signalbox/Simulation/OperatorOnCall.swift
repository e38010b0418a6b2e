import Engine
import Model
import Store

/// A person who looks at the jobs from time to time, as chance has it.
struct OperatorOnCall {
    /// How long it takes until she looks again, in milliseconds.
    let rounds: Int64
    private let inspector: Inspector
    private let store: SQLiteStore
    private var chance: SeededChance

    /// A person who looks every few minutes, or less often where it is for years.
    init(seed: UInt64, inspector: Inspector, hours: Double) {
        chance = SeededChance(seed: seed ^ 0x5EED)
        self.inspector = inspector
        store = inspector.store
        rounds = hours <= 1000 ? 300_000 : 900_000
    }

    /// How long something may hang before she stops waiting for the backend, in milliseconds.
    private static let patience: Int64 = 12 * 3_600_000

    private func unfinished() throws -> [Job] {
        guard !inspector.open.isEmpty else { return [] }
        return try store.read { try $0.shownJobs(inspector.open.keys.sorted()) }.sorted {
            $0.id < $1.id
        }
    }

    private mutating func isOne(in number: Int) -> Bool {
        Int.random(in: 0..<number, using: &chance) == 0
    }

    /// What she does while the day goes on: now and then she stops a job or tries one again, and
    /// answers questions.
    mutating func round(at now: Timestamp) throws -> [OperatorRequest] {
        let jobs = try unfinished()
        var requests = answers(to: jobs, isPatient: true, at: now) + clearUp(at: now)
        if let job = jobs.randomElement(using: &chance), isOne(in: rounds > 300_000 ? 12 : 3) {
            let level: StopLevel = Bool.random(using: &chance) ? .cancel : .abort
            requests.append(OperatorRequest(.stop(level), job: job.id, by: "carol"))
        }
        if let failed = inspector.failures.randomElement(using: &chance), isOne(in: 20) {
            inspector.failures.removeAll { $0 == failed }
            requests.append(OperatorRequest(.retry, job: failed, by: "carol"))
        }
        return requests
    }

    /// Her answers when nothing new comes any more.
    mutating func answers(isPatient: Bool, at now: Timestamp) throws -> [OperatorRequest] {
        answers(to: try unfinished(), isPatient: isPatient, at: now)
    }

    /// Her answers to jobs that ask; where patience has ended she abandons what is lost, and aborts
    /// what hangs.
    private mutating func answers(
        to jobs: [Job],
        isPatient: Bool,
        at now: Timestamp
    ) -> [OperatorRequest] {
        jobs.compactMap { job in
            let isPatient = isPatient && now - job.createdAt < Self.patience
            if job.state == .needsOperator {
                let decision = Resolution.allCases.randomElement(using: &chance) ?? .giveUp
                return OperatorRequest(
                    .resolve(isPatient ? decision : .giveUp),
                    job: job.id,
                    by: "carol"
                )
            }
            // Where nothing else helps, and only there, she stops waiting for the backend.
            if !isPatient, job.state != .pending, job.state != .childQueued, isOne(in: 4) {
                return OperatorRequest(.stop(.abandon), job: job.id, by: "carol")
            }
            // What hangs, hangs until somebody aborts it: a cancel waits for the step's end.
            let isAtWork = job.state == .running || job.state == .cancelling
            if isAtWork, job.stop?.level ?? .cancel == .cancel, isOne(in: 20) {
                return OperatorRequest(.stop(.abort), job: job.id, by: "carol")
            }
            return nil
        }
    }

    /// Sees to what abandoned jobs have left at the hypervisor: it is stopped, and a day later
    /// declared not done.
    private func clearUp(at now: Timestamp) -> [OperatorRequest] {
        var requests: [OperatorRequest] = []
        while let first = inspector.leftBehind.first, now - first.at > 86_400_000 {
            inspector.leftBehind.removeFirst()
            for decision in [OperationDecision.interrupt, .settleNotDone] {
                requests.append(
                    OperatorRequest(
                        .settle(decision),
                        job: first.job,
                        by: "carol",
                        reason: "looked at the host"
                    )
                )
            }
        }
        return requests
    }
}
