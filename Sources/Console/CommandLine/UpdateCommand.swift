import Model

/// What the commands do.
extension ConsoleModel {
    /// Runs a command line; gives back why it cannot be run.
    mutating func run(_ line: String) -> String? {
        let words = Words.split(line)
        guard let word = words.first else { return nil }
        guard let entry = CommandTable.entry(word) else {
            let names = CommandTable.all.map(\.name)
            let meant = Spelling.nearest(to: word, among: names).map { "; did you mean \($0)?" }
            return "there is no command “\(word)”" + (meant ?? "; help shows all")
        }
        let rest = Array(words.dropFirst())
        let text = String(line.trimmed.dropFirst(word.count)).trimmed
        switch entry.meaning {
        case .filter: return setFilter(text)?.description
        case .sort: return sort(named: rest.first ?? "")
        case .theme: return changeTheme(rest.first ?? "")
        case .set: return set(rest.first ?? "")
        case .job: return openJob(rest.first ?? "")
        case .submit: return submit(words: rest)
        case .act(let action): return act(action, on: rest.first)
        case .priority: return prioritize(words: rest)
        default: runPlain(entry.meaning)
        }
        return nil
    }

    private mutating func runPlain(_ meaning: CommandEntry.Meaning) {
        switch meaning {
        case .view(let name): show(name)
        case .clear:
            setFilter("")
            jobs.showsOnlyTrouble = false
            jobs.restart()
        case .trouble:
            show(.jobs)
            jobs.showsOnlyTrouble = true
            jobs.restart()
        case .invert: jobs.isReversed.toggle()
        case .tree:
            show(.jobs)
            jobs.isTree.toggle()
            jobs.restart()
        case .showInternal:
            show(.jobs)
            jobs.showsInternal.toggle()
            jobs.restart()
        case .actions: openActions()
        case .help: overlay = .help(HelpPage())
        case .redraw: effects.append(.redraw)
        case .quit: askToQuit()
        default: break
        }
    }

    private mutating func sort(named word: String) -> String? {
        guard let order = JobQuery.Order(rawValue: word) else {
            let known = JobQuery.Order.allCases.map(\.rawValue).joined(separator: ", ")
            return "sort by one of \(known)"
        }
        sort(order)
        return nil
    }

    private mutating func changeTheme(_ name: String) -> String? {
        guard settings.themeNames.contains(name) else {
            return "themes are " + settings.themeNames.joined(separator: ", ")
        }
        settings.theme = name
        theme = settings.currentTheme
        effects.append(.setTheme(name))
        return nil
    }

    private mutating func set(_ word: String) -> String? {
        switch word {
        case "ascii": settings.isASCII = true
        case "noascii": settings.isASCII = false
        case "color": settings.isMono = false
        case "nocolor": settings.isMono = true
        case "wrap": detail?.isWrapped = true
        case "nowrap": detail?.isWrapped = false
        default: return "set one of " + Completion.switches.joined(separator: ", ")
        }
        return nil
    }

    private mutating func openJob(_ word: String) -> String? {
        guard case .id(let id) = JobReference(word) else {
            return "job needs the number of a job: job 5948"
        }
        if openView != .jobs { show(.jobs) }
        openDetail(id)
        return nil
    }

    private mutating func act(_ action: OperatorAction, on word: String?) -> String? {
        guard let word else {
            askSelected(action)
            return nil
        }
        guard case .id(let id) = JobReference(word) else {
            return "“\(word)” is no number of a job"
        }
        ask(action, about: id)
        return nil
    }

    private mutating func prioritize(words: [String]) -> String? {
        guard let number = words.first.flatMap({ Int($0) }), Priority.range.contains(number) else {
            return "priority needs a number from -1000 to 1000: priority 10 5948"
        }
        return act(.prioritize(number), on: words.dropFirst().first)
    }

    private mutating func submit(words: [String]) -> String? {
        if isReadOnly { return "this console is read-only" }
        guard let kind = words.first else { return "submit needs a kind: submit vm.start web-1" }
        var target = Target.none
        var parameters: [String: String] = [:]
        for word in words.dropFirst() {
            if let sign = word.firstIndex(of: "="), sign > word.startIndex {
                parameters[String(word[..<sign])] = String(word[word.index(after: sign)...])
            } else if target == .none {
                target = Target(word, defaultType: settings.targetType(of: kind))
            } else {
                return "“\(word)” is one target too many; parameters are NAME=VALUE"
            }
        }
        submit(Submission(kind: kind, target: target, parameters: parameters, user: user))
        return nil
    }
}
