import Console
import Model
import Terminal
import Testing

/// Somebody at the console: presses keys, lets time pass, answers like the store.
struct Pilot {
    var model: ConsoleModel
    var now = Sample.now
    /// Everything the console wanted done, besides what it wants to be told.
    var effects: [Effect] = []
    var jobs: [Job]

    init(
        rows: Int = 24,
        columns: Int = 80,
        jobs: [Job] = Sample.jobs,
        loaded: Bool = true,
        settings: ConsoleSettings = ConsoleSettings(),
        _ change: @escaping (inout Snapshot) -> Void = { _ in }
    ) {
        self.jobs = jobs
        self.change = change
        model = ConsoleModel(settings: settings, rows: rows, columns: columns, now: Sample.now)
        send(.tick(now))
        if loaded { refresh() }
    }

    private let change: (inout Snapshot) -> Void

    mutating func send(_ event: Event) {
        let new = model.update(event)
        effects += new.filter { if case .watch = $0 { false } else { true } }
    }

    /// Answers what the console wants to be told.
    mutating func refresh() {
        var snapshot = Sample.snapshot(jobs, model.watch.jobs, at: now)
        change(&snapshot)
        send(.snapshot(snapshot))
    }

    /// Answers with a page of these jobs, as if the filter left only them.
    mutating func refresh(_ jobs: [Job]) {
        self.jobs = jobs
        refresh()
    }

    /// Presses keys one after the other, a tenth of a second apart.
    mutating func press(_ keys: String...) {
        for name in keys {
            guard let key = Key(name) else {
                Issue.record("no key is called \(name)")
                continue
            }
            pass(100)
            send(.input(.key(key), now))
        }
    }

    mutating func type(_ text: String) {
        for character in text { send(.input(.key(.character(character)), now)) }
    }

    mutating func command(_ line: String) {
        press(":")
        type(line)
        press("Enter")
    }

    mutating func pass(_ milliseconds: Int64) {
        now = now + milliseconds
        send(.tick(now))
    }

    mutating func takeEffects() -> [Effect] {
        defer { effects = [] }
        return effects
    }

    var screen: String { model.view().text }

    func sees(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(screen.contains(text), "\n\(screen)", sourceLocation: sourceLocation)
    }

    func doesNotSee(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(!screen.contains(text), "\n\(screen)", sourceLocation: sourceLocation)
    }

    /// The last line but one: what happened.
    var status: String {
        let grid = model.view()
        return grid.text(row: grid.rows - 2)
    }

    /// The requests to the engine among the effects.
    var requests: [OperatorRequest] {
        effects.compactMap { if case .perform(let request, _) = $0 { request } else { nil } }
    }

    /// The jobs submitted among the effects.
    var submissions: [Submission] {
        effects.compactMap { if case .submit(let submission, _) = $0 { submission } else { nil } }
    }
}
