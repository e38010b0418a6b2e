import Model

/// What a dialog asks about.
enum Deed: Hashable, Sendable {
    /// Something about a job that exists.
    case job(OperatorAction, CapturedJob)
    /// Something about a lane.
    case lane(OperatorAction, String)
    /// A new job; the label says what it does.
    case submit(Submission, label: String, isDangerous: Bool)
}

/// A question before something is done; the answer is No until somebody says otherwise.
struct Dialog: Sendable {
    enum Focus: Sendable { case buttons, reason, typed }

    let deed: Deed
    let openedAt: Timestamp
    var preview: StopPreview?
    var reason = LineEditor()
    var typed = LineEditor()
    var focus: Focus = .buttons
    /// How far its text is scrolled, where it does not fit.
    var scroll = 0
    /// What must be typed before Yes means anything; empty for nothing.
    let typedWord: String

    /// Keys that come sooner after opening were meant for what was there before, in milliseconds
    /// of the person's time.
    static let guardTime: Int64 = 250

    init(_ deed: Deed, at now: Timestamp, typedWord: String = "") {
        self.deed = deed
        openedAt = now
        self.typedWord = typedWord
        focus = typedWord.isEmpty ? .buttons : .typed
    }

    var job: CapturedJob? {
        if case .job(_, let job) = deed { return job }
        return nil
    }

    /// What is done to what exists; nil if a job is submitted.
    var action: OperatorAction? {
        switch deed {
        case .job(let action, _), .lane(let action, _): action
        case .submit: nil
        }
    }

    /// Whether it takes a reason that is not given yet.
    var lacksReason: Bool { action?.needsReason == true && reason.text.trimmed.isEmpty }

    var isTypedRight: Bool { typedWord.isEmpty || typed.text == typedWord }

    /// The line that is being typed, if one is.
    var editor: LineEditor? {
        get {
            switch focus {
            case .buttons: nil
            case .reason: reason
            case .typed: typed
            }
        }
        set {
            guard let newValue else { return }
            switch focus {
            case .buttons: break
            case .reason: reason = newValue
            case .typed: typed = newValue
            }
        }
    }

    /// The order in which Tab goes through it.
    var foci: [Focus] { (typedWord.isEmpty ? [] : [.typed]) + [.reason, .buttons] }

    mutating func moveFocus(by step: Int) {
        let all = foci
        let place = all.firstIndex(of: focus) ?? 0
        focus = all[((place + step) % all.count + all.count) % all.count]
    }
}

/// The question what becomes of unfinished jobs.
struct QuitDialog: Sendable {
    let openedAt: Timestamp
}
