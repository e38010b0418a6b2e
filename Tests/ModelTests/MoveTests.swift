import Model
import Testing

/// The table of moves, held against the same table written down in another form.
@Suite("The table of moves")
struct MoveTests {
    /// From each state, all states that it may lead to; in the order of the states.
    static let expected = [
        "new": "pending",
        "pending": "queued failed aborted",
        "queued": "running rollingBack needsOperator failed aborted",
        "running":
            "queued childQueued finishing cancelling rollingBack needsOperator lost failed",
        "childQueued":
            "queued childRunning finishing cancelling rollingBack needsOperator failed",
        "childRunning":
            "queued childQueued finishing cancelling rollingBack needsOperator failed",
        "finishing": "cancelling rollingBack needsOperator lost completed warning failed",
        "cancelling": "finishing rollingBack needsOperator lost failed aborted",
        "rollingBack": "queued needsOperator lost failed aborted",
        "needsOperator": "rollingBack lost failed aborted",
        "lost":
            "queued running finishing cancelling rollingBack needsOperator failed aborted",
        "completed": "", "warning": "", "failed": "", "aborted": "",
    ]

    static let origins: [JobState?] = [nil] + JobState.allCases.map(Optional.some)

    @Test("allows exactly the pairs that are meant", arguments: origins)
    func matrix(from: JobState?) throws {
        let row = try #require(Self.expected[from?.rawValue ?? "new"])
        let allowed = Set(row.split(separator: " ").map(String.init))

        for to in JobState.allCases {
            let isMeant = allowed.contains(to.rawValue)
            #expect(Move.isLegal(from: from, to: to) == isMeant, "to \(to)")
            if isMeant {
                #expect(throws: Never.self) { try Move.check(from: from, to: to) }
            } else {
                #expect(throws: IllegalMove(from: from, to: to)) {
                    try Move.check(from: from, to: to)
                }
            }
        }
    }

    @Test("has each move once, with a cause in words")
    func hasNoDoubles() {
        let pairs = Move.all.map { "\($0.from?.rawValue ?? "new") \($0.to.rawValue)" }
        #expect(Set(pairs).count == pairs.count)
        #expect(Move.all.allSatisfy { $0.cause.count > 10 && !$0.cause.hasSuffix(".") })
    }

    @Test("refuses in words that name both states")
    func refusal() {
        let refused = IllegalMove(from: .completed, to: .running)
        #expect(refused.description == "a job cannot move from completed to running")
        let unborn = IllegalMove(from: nil, to: .failed)
        #expect(unborn.description == "a job cannot move from new to failed")
    }

    @Test("leads from a new job to every state")
    func reachesAll() {
        #expect(Self.reached(from: nil) == Set(JobState.allCases))
    }

    @Test("leads from every unfinished state to an end", arguments: JobState.allCases)
    func reachesAnEnd(state: JobState) {
        let reached = Self.reached(from: state)
        #expect(reached.contains(where: \.isTerminal) == !state.isTerminal)
    }

    @Test("has no exit from an end")
    func endsAreFinal() {
        #expect(Move.all.allSatisfy { $0.from?.isTerminal != true })
    }

    @Test("lets no job become completed or a warning but through finishing")
    func successOnlyThroughFinishing() {
        let moves = Move.all.filter { $0.to == .completed || $0.to == .warning }
        #expect(moves.count == 2)
        #expect(moves.allSatisfy { $0.from == .finishing })
    }

    /// All states that moves lead to from one, itself left out unless a way leads back.
    private static func reached(from start: JobState?) -> Set<JobState> {
        var found: Set<JobState> = []
        var open: [JobState?] = [start]
        while let state = open.popLast() {
            for move in Move.all where move.from == state && !found.contains(move.to) {
                found.insert(move.to)
                open.append(move.to)
            }
        }
        return found
    }
}
