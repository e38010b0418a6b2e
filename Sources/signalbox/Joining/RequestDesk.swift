import Engine
import Foundation
import Model
import Operations
import Store

/// Hands requests to whatever engine owns the store, through rows that outlive everybody.
struct RequestDesk {
    let site: Site
    let store: SQLiteStore
    /// What each kind keeps secret, as far as the caller knows the kinds.
    var secrets: (String) -> Set<String> = { _ in [] }

    /// How long the answer of a living engine is waited for, in milliseconds.
    static let patience: Int64 = 10_000

    /// Writes a job down; it is durable when this returns.
    func submit(_ submission: Submission) throws -> RequestOutcome {
        let outcomes = try submit(1) { _, _ in submission }
        return outcomes.first ?? .refused("nothing was submitted")
    }

    /// Writes so many jobs down in one transaction; each may come after those before it.
    ///
    /// If one is refused nothing is written, and its outcome is the last.
    func submit(
        _ count: Int,
        _ submission: (Int, [RequestOutcome]) throws -> Submission
    ) throws -> [RequestOutcome] {
        var system = SystemRandomNumberGenerator()
        var chance = SeededChance(seed: system.next())
        let now = WallClock(on: store).now()
        let gate = site.gate(store)
        let rules = site.rules
        return try gate.submit(count, chance: &chance, at: now, rules: rules) { place, outcomes in
            var next = try submission(place, outcomes)
            // Only here, where the kinds are known.
            if next.coalesces == nil {
                next.coalesces = StandardKinds.coalescing.contains(next.kind)
            }
            if next.secretNames == nil {
                next.secretNames = secrets(next.kind).sorted()
            }
            return next
        }
    }

    /// A request that was written down, or was refused before.
    typealias Written = Result<Int64, Gate.Refusal>

    /// Writes requests down in one transaction; returns their numbers, or why they were refused.
    func write(_ requests: [OperatorRequest]) throws -> [Written] {
        try site.gate(store).write(requests, at: WallClock(on: store).now())
    }

    /// Waits for what becomes of requests; nil for one that got no answer in time.
    func outcomes(of written: [Written]) throws -> [RequestOutcome?] {
        let ear = try StoreEar(site.storePath)
        var outcomes: [RequestOutcome?] = written.map { _ in nil }
        _ = try ear.await(milliseconds: Self.patience) { () -> Bool? in
            outcomes = try store.read { reader in
                try written.map { request in
                    switch request {
                    case .success(let number): try reader.outcome(ofRequest: number)
                    case .failure(let refusal): .refused(refusal.text)
                    }
                }
            }
            return outcomes.contains { $0 == nil } ? nil : true
        }
        return outcomes
    }

    /// Whether an engine is alive on the store.
    func isEngineAlive() throws -> Bool {
        try store.read { try $0.engine()?.isAlive ?? false }
    }
}

extension StoreReader {
    /// The job that a word on the command line names.
    ///
    /// - Throws: a complaint if the word names none.
    func job(named word: String) throws -> JobID {
        guard let reference = JobReference(word) else {
            throw Complaint(
                .usage,
                "“\(word)” names no job; write its number (5948 or job-5948) or its UUID"
            )
        }
        guard let id = try resolve(reference) else {
            throw Complaint(.notFound, "there is no job \(word)")
        }
        return id
    }
}
