import Engine
import Foundation
import Model
import Store

/// Hands requests to whatever engine owns the store, through rows that outlive everybody.
struct RequestDesk {
    let site: Site
    let store: SQLiteStore

    /// How long the answer of a living engine is waited for, in milliseconds.
    static let patience: Int64 = 3000

    /// Writes a job down; it is durable when this returns.
    func submit(_ submission: Submission) throws -> RequestOutcome {
        var system = SystemRandomNumberGenerator()
        var chance = SeededChance(seed: system.next())
        return try store.write(as: nil) { tx in
            try OutsideSubmission.insert(
                submission,
                into: tx,
                chance: &chance,
                at: WallClock(on: store).now(),
                rules: site.rules
            )
        }
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
