import Foundation
import Testing

extension Sandbox {
    /// Starts an engine and waits until it owns the store.
    func serve(sourceLocation: SourceLocation = #_sourceLocation) throws -> Launch {
        let engine = try start("serve", sourceLocation: sourceLocation)
        try eventually(
            "the engine is alive",
            scene: { engine.errors },
            sourceLocation: sourceLocation
        ) { (engine.errors.contains("is alive on") || !engine.isAlive).orNil }
        try #require(
            engine.isAlive,
            Comment(rawValue: engine.errors),
            sourceLocation: sourceLocation
        )
        return engine
    }

    /// The process whose engine owns the store, as `engine --json` says; nil if none is alive.
    func owner() throws -> pid_t? {
        struct Answer: Decodable {
            struct Engine: Decodable {
                let process: pid_t
                let alive: Bool
            }
            let engine: Engine?
        }
        let text = try run("engine", "--json").output
        let answer = try? JSONDecoder().decode(Answer.self, from: Data(text.utf8))
        return answer?.engine.flatMap { $0.alive ? $0.process : nil }
    }

    /// Submits a job; returns its number.
    func submit(
        _ arguments: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Int {
        let launch = try startProgram(["submit"] + arguments, sourceLocation)
        let outcome = try launch.wait(sourceLocation: sourceLocation)
        return try #require(
            outcome.code == 0 ? outcome.job : nil,
            Comment(rawValue: outcome.description),
            sourceLocation: sourceLocation
        )
    }

    /// The jobs of the store that a filter selects, oldest first.
    func jobs(
        _ filter: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [JobDocument] {
        let arguments = ["jobs", filter, "--json", "--limit", "10000", "--sort", "oldest"]
        let launch = try startProgram(arguments.filter { !$0.isEmpty }, sourceLocation)
        let outcome = try launch.wait(sourceLocation: sourceLocation)
        try #require(
            outcome.code == 0,
            Comment(rawValue: outcome.description),
            sourceLocation: sourceLocation
        )
        return try JSONDecoder().decode([JobDocument].self, from: Data(outcome.output.utf8))
            .sorted { $0.id < $1.id }
    }

    /// One job, with all that `job show` tells.
    func job(
        _ number: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JobDocument {
        let launch = try startProgram(["job", "show", "\(number)", "--json"], sourceLocation)
        let outcome = try launch.wait(sourceLocation: sourceLocation)
        try #require(
            outcome.code == 0,
            Comment(rawValue: outcome.description),
            sourceLocation: sourceLocation
        )
        return try JSONDecoder().decode(JobDocument.self, from: Data(outcome.output.utf8))
    }

    /// Waits until a job is in one of these states.
    @discardableResult
    func wait(
        _ number: Int,
        _ states: Set<String>,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JobDocument {
        try eventually("job \(number) is \(states.sorted())", sourceLocation: sourceLocation) {
            let job = try job(number, sourceLocation: sourceLocation)
            return states.contains(job.state) ? job : nil
        }
    }
}

/// A job as a script reads it.
struct JobDocument: Decodable, Equatable {
    struct Target: Decodable, Equatable {
        let type: String?
        let id: String?
        let name: String?
    }

    struct Waiting: Decodable, Equatable {
        let `for`: String
        let on: String?
        let since: String
    }

    struct Code: Decodable, Equatable {
        let domain: String
        let number: Int
        let name: String
    }

    struct Stop: Decodable, Equatable {
        let level: String
        let by: String
        let at: String
        let reason: String
    }

    struct Entry: Decodable, Equatable {
        let from: String?
        let to: String
    }

    let id: Int
    let uuid: String
    let parentId: Int?
    let rootId: Int?
    let kind: String
    let target: Target
    let state: String
    let progress: Int
    let waiting: Waiting?
    let cause: String
    let priority: Int
    let rollback: String
    let code: Code?
    let message: String
    let createdAt: String
    let startedAt: String?
    let finishedAt: String?
    let stop: Stop?
    let journal: [Entry]?

    /// Whether it has ended.
    var hasEnded: Bool { Self.ends.contains(state) }

    static let ends: Set = ["completed", "warning", "failed", "aborted"]
}
