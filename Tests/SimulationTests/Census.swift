import Model
import TestKit

/// What runs have visited: moves, waits, and what people asked for with what became of it.
struct Census {
    /// One thing that people can ask for, in a word.
    struct Deed: Hashable, CustomStringConvertible {
        let word: String
        let isRefused: Bool
        var description: String { word + (isRefused ? " refused" : " accepted") }
    }

    /// A move, without its cause.
    struct Step: Hashable, CustomStringConvertible {
        let from: JobState?
        let to: JobState
        var description: String { "\(from?.rawValue ?? "new") to \(to.rawValue)" }
    }

    private(set) var moves: Set<Step> = []
    private(set) var deeds: Set<Deed> = []
    private(set) var waits: Set<Wait> = []

    /// Adds what another run has visited.
    mutating func add(_ other: Census) {
        moves.formUnion(other.moves)
        deeds.formUnion(other.deeds)
        waits.formUnion(other.waits)
    }

    mutating func note(_ checker: InvariantChecker) {
        waits.formUnion(checker.waits)
        for line in checker.journal where line.from != line.to {
            moves.insert(Step(from: line.from, to: line.to))
        }
    }

    mutating func note(_ request: OperatorRequest, _ outcome: RequestOutcome) {
        let isRefused =
            switch outcome {
            case .refused, .notFound: true
            case .accepted, .existing, .joined, .done: false
            }
        deeds.insert(Deed(word: Self.word(request), isRefused: isRefused))
    }

    /// The action without its details, and what it is about.
    static func word(_ request: OperatorRequest) -> String {
        switch (request.action, request.subject) {
        case (.prioritize, _): "prioritize"
        case (.setSlots(let slots), _): slots == nil ? "usual slots" : "slots"
        case (.pause(_, let drains), _): drains ? "pause draining" : "pause"
        case (.resume, .engine): "resume engine"
        case (let action, _): action.word
        }
    }
}

extension Census {
    /// What can be visited and was not, in words.
    var missing: [String] {
        let steps = Move.all.map { Step(from: $0.from, to: $0.to) }
        let stray = steps.filter { !moves.contains($0) && Self.unreachable[$0] == nil }
        let deeds = Self.words.flatMap { word in
            [true, false].map { Deed(word: word, isRefused: $0) }
        }
        let waits = Wait.all.filter { wait in
            !self.waits.contains(wait) && Self.unseen[wait.reason] == nil
        }
        return stray.map(\.description)
            + deeds.filter { !self.deeds.contains($0) }.map(\.description)
            + waits.map(\.description)
    }

    /// What is said to be out of reach and was visited all the same, in words.
    var surprises: [String] {
        moves.filter { Self.unreachable[$0] != nil }.map(\.description)
            + waits.filter { Self.unseen[$0.reason] != nil }.map(\.description)
    }

    /// Moves that no run makes, and why.
    static let unreachable: [Step: String] = [:]

    /// What no job of a run is seen to wait for, and why.
    static let unseen: [Waiting.Reason: String] = [
        .engine: "said by whoever looks, because no engine is there to write it down",
        .pausedLane: "said by whoever looks, so that a pause of a lane changes no job's row",
    ]

    /// Every word, one for each thing that can be asked for; all rungs of the ladder among them.
    static let words: [String] =
        StopLevel.allCases.map(\.rawValue) + Resolution.allCases.map { "resolve " + $0.rawValue }
        + OperationDecision.allCases.map { "resolve " + $0.rawValue } + [
            "retry", "approve", "reject", "acknowledge", "release", "release by force", "pin",
            "unpin", "prioritize", "pause", "pause draining", "resume", "resume engine", "slots",
            "usual slots", "drain", "report", "end as completed", "end as warning",
            "end as failed", "end as aborted",
        ]
}
