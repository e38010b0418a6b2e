import Model

/// A list of things to choose from.
struct Menu: Sendable {
    let title: String
    let items: [MenuItem]
    var cursor = 0

    init(_ title: String, _ items: [MenuItem]) {
        self.title = title
        self.items = items
        cursor = items.firstIndex { $0.refusal == nil } ?? 0
    }

    mutating func move(by delta: Int) {
        cursor = min(max(cursor + delta, 0), max(0, items.count - 1))
    }
}

/// One thing to choose.
struct MenuItem: Sendable {
    let key: Character
    let label: String
    /// What it comes to, in a few words.
    let note: String
    /// Why it cannot be chosen; nil if it can.
    let refusal: String?
    let choice: MenuChoice

    init(
        _ key: Character,
        _ label: String,
        note: String = "",
        refusal: String? = nil,
        _ choice: MenuChoice
    ) {
        self.key = key
        self.label = label
        self.note = note
        self.refusal = refusal
        self.choice = choice
    }
}

/// What choosing means.
enum MenuChoice: Sendable {
    case job(OperatorAction, CapturedJob)
    case work(WorkAction, on: String)
    case lane(OperatorAction, String)
    case sort(JobQuery.Order)
    case copy(String)
}
