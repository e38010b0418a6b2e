import Engine
import Model
import Store
import Synchronization
import TestKit

extension EngineBench {
    /// Writes a submission into the store as another process does.
    func writeOutside(_ submission: Submission) throws -> RequestOutcome {
        let newest = try store.read { try $0.newestJob().number }
        var chance = SeededChance(seed: UInt64(newest) &+ 77)
        return try store.write(as: nil) { tx in
            try OutsideSubmission.insert(submission, into: tx, chance: &chance, at: clock.now())
        }
    }

    /// Submits a job by the user `bob` as another process does, and has the engine look.
    func submitOutside(
        _ kind: String,
        _ change: (inout Submission) -> Void = { _ in }
    ) throws -> JobID {
        var submission = Submission(kind: kind, user: "bob")
        change(&submission)
        let outcome = try writeOutside(submission)
        var inbox = Inbox()
        inbox.checksStore = true
        try turn(inbox)
        switch outcome {
        case .accepted(let id), .existing(let id), .joined(let id): return id
        case .done(let text), .refused(let text), .notFound(let text):
            throw Failure.scripted(text)
        }
    }
}

/// Where the engine leaves its answers.
final class Answers: Sendable {
    private let results: Mutex<[Result<RequestOutcome, any Error>?]>

    init(count: Int) { results = Mutex(Array(repeating: nil, count: count)) }

    func set(_ value: Result<RequestOutcome, any Error>, at place: Int) {
        results.withLock { $0[place] = value }
    }

    func get() throws -> [RequestOutcome] {
        try results.withLock { results in
            try results.map { result in
                guard let result else { throw Failure.scripted("nobody answered") }
                return try result.get()
            }
        }
    }
}
