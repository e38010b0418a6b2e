import Model

/// What a run has visited: moves, and what people asked for with what became of it.
final class Census {
    /// One thing that people can ask for, in a word.
    struct Deed: Hashable, CustomStringConvertible {
        let word: String
        let isRefused: Bool
        var description: String { word + (isRefused ? " refused" : " accepted") }
    }

    private(set) var moves: Set<Move> = []
    private(set) var deeds: Set<Deed> = []

    func note(_ journal: [JournalEntry]) {
        for line in journal where line.from != line.to {
            if let move = Move.all.first(where: { $0.from == line.from && $0.to == line.to }) {
                moves.insert(move)
            }
        }
    }

    func note(_ request: OperatorRequest, _ outcome: RequestOutcome) {
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
