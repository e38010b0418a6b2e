extension FilterTerm {
    /// What the term means.
    func filter() throws(FilterError) -> Filter {
        guard let field else { return word() }
        guard let known = FilterFields.named(field.name) else { throw unknown(field.name) }
        let isOpposite = field.sign == "!="
        let filter = try filter(of: known, sign: isOpposite ? "=" : field.sign)
        return isOpposite ? .not(filter) : filter
    }

    /// A word; asterisks at its ends change nothing, one inside makes patterns of it.
    private func word() -> Filter {
        guard let value = values.first else { return .all }
        if value.isQuoted { return value.text.isEmpty ? .all : .word(value.text) }
        switch FilterScanner.reference(value.text) {
        case .id(let id): return .number(.id, .equal, id.number)
        case .uuid(let uuid): return .field(.uuid, pattern: uuid)
        case nil: break
        }
        let core = value.text.drop { $0 == "*" }.reversed().drop { $0 == "*" }.reversed()
        let text = String(core)
        guard !text.isEmpty else { return .all }
        guard text.contains("*") else { return .word(text) }
        let fields: [Filter.Field] = [.kind, .target, .user, .message, .lane]
        return .or(fields.map { .field($0, pattern: "*" + text + "*") })
    }

    private func unknown(_ name: String) -> FilterError {
        let names = FilterFields.all.map(\.name)
        let near = FilterFields.nearest(to: name, among: names)
        let list = (near.isEmpty ? names : near).joined(separator: ", ")
        let advice =
            near.isEmpty
            ? "the fields are \(list)"
            : near.count == 1 ? "the nearest is \(list)" : "the nearest are \(list)"
        return FilterError(
            at: position,
            "there is no field “\(name)”; \(advice) (put it in quotes to look for the text)"
        )
    }

    private func filter(of known: FilterField, sign: String) throws(FilterError) -> Filter {
        if let missing = values.first(where: { $0.text.isEmpty && !$0.isQuoted }) {
            throw FilterError(
                at: missing.position,
                "a value must follow, as in \(known.example)",
                isIncomplete: missing.isLast
            )
        }
        let isEquality = sign == ":" || sign == "="
        switch known.kind {
        case .number, .job, .span: return try numbers(known, sign: isEquality ? "=" : sign)
        case .states, .text, .isWord:
            guard isEquality else {
                throw FilterError(
                    at: position,
                    "\(known.name) is no number: write a colon, as in \(known.example)"
                )
            }
            return try texts(known)
        }
    }

    private func texts(_ known: FilterField) throws(FilterError) -> Filter {
        var found: [Filter] = []
        var states: Set<JobState> = []
        for value in values {
            switch known.kind {
            case .states: states.formUnion(try Self.states(value))
            case .text(let field, let prefix):
                try Self.check(value, known)
                found.append(.field(field, pattern: prefix + value.text))
            case .isWord: found.append(try Self.group(value))
            default: break
            }
        }
        if known.kind == .states { return .states(states) }
        return found.count == 1 ? found[0] : .or(found)
    }

    private func numbers(_ known: FilterField, sign: String) throws(FilterError) -> Filter {
        guard let comparison = Filter.Comparison(rawValue: sign),
            values.count == 1 || comparison == .equal
        else {
            throw FilterError(
                at: position,
                "one value only can follow “\(sign)”, as in \(known.example)"
            )
        }
        var found: [Filter] = []
        for value in values {
            switch known.kind {
            case .number(let field), .job(let field), .span(let field):
                found.append(.number(field, comparison, try Self.number(value, known)))
            default: break
            }
        }
        return found.count == 1 ? found[0] : .or(found)
    }
}

extension FilterTerm {
    /// The states that a name or a pattern means.
    private static func states(_ value: Value) throws(FilterError) -> Set<JobState> {
        if let state = JobState(word: value.text) { return [state] }
        let names = JobState.allCases.filter { TextPattern.fits($0.rawValue, value.text) }
        guard names.isEmpty else { return Set(names) }
        throw wrong(value, "state", JobState.allCases.map(\.rawValue))
    }

    private static func group(_ value: Value) throws(FilterError) -> Filter {
        if let word = FilterWord(rawValue: value.text.lowercased()) { return word.filter }
        throw wrong(value, "group", FilterWord.allCases.map(\.rawValue))
    }

    /// Refuses a pattern that no value of the field can ever fit.
    private static func check(_ value: Value, _ known: FilterField) throws(FilterError) {
        let isNone = known.name == "waiting" && value.text.isEmpty
        guard !known.values.isEmpty, !isNone else { return }
        guard !known.values.contains(where: { TextPattern.fits($0, value.text) }) else { return }
        throw wrong(value, known.name, known.values)
    }

    private static func wrong(_ value: Value, _ what: String, _ values: [String]) -> FilterError {
        let begun = value.text.lowercased()
        let isBegun = values.contains { $0.lowercased().hasPrefix(begun) }
        return FilterError(
            at: value.position,
            "there is no \(what) “\(value.text)”; there are " + values.joined(separator: ", "),
            isIncomplete: value.isLast && isBegun
        )
    }

    private static func number(_ value: Value, _ known: FilterField) throws(FilterError) -> Int64 {
        switch known.kind {
        case .span:
            if let span = Span.signedMilliseconds(value.text) { return span }
            throw FilterError(
                at: value.position,
                "“\(value.text)” is no length of time; write one as 90s, 5m, 2h30m or 3d",
                isIncomplete: value.isLast && value.text.allSatisfy { $0.isNumber || $0 == "." }
            )
        case .job:
            let isNamed = value.text.lowercased().hasPrefix("job-")
            if let number = Int64(isNamed ? String(value.text.dropFirst(4)) : value.text) {
                return number
            }
            throw FilterError(
                at: value.position,
                "“\(value.text)” is no job; write a number, as in \(known.example)",
                isIncomplete: value.isLast && "job-".hasPrefix(value.text.lowercased())
            )
        default:
            if let number = Int64(value.text) { return number }
            throw FilterError(
                at: value.position,
                "“\(value.text)” is no whole number; write one, as in \(known.example)",
                isIncomplete: value.isLast && value.text == "-"
            )
        }
    }
}
