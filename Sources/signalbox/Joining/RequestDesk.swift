import Engine
import Foundation
import Model
import Operations
import Store

/// Hands requests to whatever engine owns the store, through rows that outlive everybody.
struct RequestDesk {
    let site: Site
    let store: SQLiteStore

    /// How long the answer of a living engine is waited for, in milliseconds.
    static let patience: Int64 = 3000

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
        struct Refusal: Error { let outcomes: [RequestOutcome] }
        var system = SystemRandomNumberGenerator()
        var chance = SeededChance(seed: system.next())
        let now = WallClock(on: store).now()
        do {
            return try store.write(as: nil) { tx in
                let outcomes = try OutsideSubmission.insert(
                    count,
                    into: tx,
                    chance: &chance,
                    at: now,
                    rules: site.rules
                ) { place, outcomes in
                    var next = try submission(place, outcomes)
                    // Only here, where the kinds are known.
                    if next.coalesces == nil {
                        next.coalesces = StandardKinds.coalescing.contains(next.kind)
                    }
                    return next
                }
                if case .refused? = outcomes.last { throw Refusal(outcomes: outcomes) }
                return outcomes
            }
        } catch let refusal as Refusal { return refusal.outcomes }
    }

    /// Writes requests down in one transaction; returns their numbers.
    func write(_ requests: [OperatorRequest]) throws -> [Int64] {
        let now = WallClock(on: store).now()
        return try store.write(as: nil) { tx in
            try requests.map { try tx.insert($0, at: now) }
        }
    }

    /// Waits for what becomes of requests; nil for one that got no answer in time.
    func outcomes(of numbers: [Int64]) throws -> [RequestOutcome?] {
        let ear = try StoreEar(site.storePath)
        var outcomes: [RequestOutcome?] = numbers.map { _ in nil }
        _ = try ear.await(milliseconds: Self.patience) { () -> Bool? in
            outcomes = try store.read { reader in
                try numbers.map { try reader.outcome(ofRequest: $0) }
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
