import Model
import Terminal

/// Keys of the line at the bottom: filter, search and commands.
extension ConsoleModel {
    mutating func pressInLine(_ prompt: LinePrompt, _ key: Key, _ command: Command?) {
        var prompt = prompt
        prompt.completions = []
        switch command {
        case .accept: accept(prompt)
        case .dismiss: dismiss(prompt)
        case .complete:
            Completion.complete(&prompt, in: self)
            edited(prompt)
        case .historyBack, .historyForward:
            let step = command == .historyBack ? 1 : -1
            let text = prompt.editor.text
            if let line = histories[prompt.purpose, default: LineHistory()].line(step, from: text) {
                prompt.editor.replace(with: line)
            }
            edited(prompt)
        default:
            // An empty line that is erased further is given up, as in an editor.
            if command == .eraseBack, prompt.purpose == .command, prompt.editor.text.isEmpty {
                dismiss(prompt)
                return
            }
            prompt.editor.type(key, command)
            histories[prompt.purpose]?.rewind()
            edited(prompt)
        }
    }

    /// Lets what is typed have its effect at once, where it has one.
    mutating func edited(_ prompt: LinePrompt) {
        var prompt = prompt
        let text = prompt.editor.text
        prompt.problem = nil
        switch prompt.purpose {
        case .filter:
            if let error = setFilter(text) { prompt.problem = error.description }
        case .search:
            detail?.search = text
            if !text.isEmpty {
                detail?.found = nil
                searchFromHere()
                if notice != nil { (prompt.problem, notice) = (notice?.text, nil) }
            }
        case .helpSearch, .command: break
        }
        overlay = .line(prompt)
    }

    private mutating func accept(_ prompt: LinePrompt) {
        var prompt = prompt
        let text = prompt.editor.text.trimmed
        switch prompt.purpose {
        case .filter:
            guard prompt.problem == nil else {
                overlay = .line(prompt)
                return
            }
            overlay = nil
        case .search: overlay = nil
        case .helpSearch: overlay = .help(HelpPage(search: text))
        case .command:
            overlay = nil
            if let problem = run(text) {
                prompt.problem = problem
                overlay = .line(prompt)
                return
            }
        }
        histories[prompt.purpose, default: LineHistory()].add(text)
    }

    private mutating func dismiss(_ prompt: LinePrompt) {
        histories[prompt.purpose]?.rewind()
        overlay = nil
        switch prompt.purpose {
        case .filter: setFilter("")
        case .search:
            detail?.search = ""
            detail?.found = nil
        case .helpSearch: overlay = .help(HelpPage())
        case .command: break
        }
    }
}
