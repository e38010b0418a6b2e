import Model

/// What Tab makes of a line.
enum Completion {
    static let switches = ["ascii", "noascii", "color", "nocolor", "wrap", "nowrap"]

    /// Completes the last word as far as it is certain, and keeps what it could become.
    static func complete(_ prompt: inout LinePrompt, in model: ConsoleModel) {
        let text = prompt.editor.head
        let candidates = candidates(for: text, purpose: prompt.purpose, in: model)
        let word = lastWord(text)
        guard let first = candidates.first else { return }
        let shared = candidates.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        if shared.count > word.count || candidates.count == 1 {
            let isWhole = candidates.count == 1 && !shared.hasSuffix(":") && !shared.hasSuffix("=")
            let tail = String(prompt.editor.text.dropFirst(text.count))
            let head = String(text.dropLast(word.count)) + shared + (isWhole ? " " : "")
            prompt.editor.replace(with: head + tail)
        }
        prompt.completions = candidates.count > 1 ? candidates : []
    }

    private static func candidates(
        for text: String,
        purpose: LinePrompt.Purpose,
        in model: ConsoleModel
    ) -> [String] {
        switch purpose {
        case .search, .helpSearch: return []
        case .filter: return model.openView == .jobs ? FilterFields.completions(of: text) : []
        case .command: break
        }
        let words = text.split(separator: " ").map(String.init)
        let isFirst = words.count <= 1 && !text.hasSuffix(" ")
        let known =
            isFirst ? CommandTable.all.map(\.name) : arguments(of: words, text: text, in: model)
        let word = lastWord(text)
        return known.filter { $0.hasPrefix(word) && (isFirst || !$0.isEmpty) }
    }

    private static func arguments(
        of words: [String],
        text: String,
        in model: ConsoleModel
    ) -> [String] {
        guard let first = words.first, let entry = CommandTable.entry(first) else { return [] }
        let place = words.count - (text.hasSuffix(" ") ? 0 : 1)
        switch entry.meaning {
        case .sort: return JobQuery.Order.allCases.map(\.rawValue)
        case .theme: return model.settings.themeNames
        case .set: return switches
        case .filter: return FilterFields.completions(of: lastWord(text))
        case .submit: return submitArguments(of: words, place: place, in: model)
        case .job, .act: return model.jobs.page.rows.map { "\($0.job.id.number)" }
        default: return []
        }
    }

    private static func submitArguments(
        of words: [String],
        place: Int,
        in model: ConsoleModel
    ) -> [String] {
        guard place > 1 else {
            let built = (WorkAction.ofVM + WorkAction.ofHost).map(\.kind)
            return Set(model.settings.kinds.map(\.name) + built).sorted()
        }
        let kind = words.count > 1 ? words[1] : ""
        if place == 2 {
            let isHost = model.settings.targetType(of: kind) == "host"
            return isHost
                ? (model.hosts.all ?? []).map(\.name) : (model.vms.all ?? []).map(\.name)
        }
        let action = (WorkAction.ofVM + WorkAction.ofHost).first { $0.kind == kind }
        let known = model.settings.kinds.first { $0.name == kind }?.parameters
        return (known ?? action?.fields.map(\.name) ?? []).map { $0 + "=" }
    }

    private static func lastWord(_ text: String) -> String {
        String(text.reversed().prefix { !$0.isWhitespace && $0 != "(" && $0 != "|" }.reversed())
    }
}

extension String {
    /// What both begin with.
    func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}

extension ConsoleSettings {
    /// The names of all themes, the built-in one among them.
    var themeNames: [String] { Set(themes.map(\.name) + [Theme.builtIn.name]).sorted() }
}
