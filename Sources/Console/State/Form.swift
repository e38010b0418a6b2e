/// A few lines to fill in before a job is submitted.
struct Form: Sendable {
    struct Field: Sendable {
        let spec: FieldSpec
        var editor: LineEditor
    }

    let action: WorkAction
    let target: String
    var fields: [Field]
    var focus = 0
    var problem: String?

    init(_ action: WorkAction, on target: String, presets: [String: String] = [:]) {
        self.action = action
        self.target = target
        fields = action.fields.map { Field(spec: $0, editor: LineEditor(presets[$0.name] ?? "")) }
    }

    mutating func moveFocus(by step: Int) {
        guard !fields.isEmpty else { return }
        focus = ((focus + step) % fields.count + fields.count) % fields.count
    }

    /// The first field that is not filled in as it must be, and why.
    var firstProblem: (field: Int, text: String)? {
        for (index, field) in fields.enumerated() {
            if let text = field.spec.problem(with: field.editor.text) { return (index, text) }
        }
        return nil
    }

    /// The parameters; what was left empty is left out.
    var parameters: [String: String] {
        var result: [String: String] = [:]
        for field in fields {
            let text = field.editor.text.trimmed
            if !text.isEmpty { result[field.spec.name] = text }
        }
        return result
    }
}

extension String {
    /// Without blanks at its ends.
    var trimmed: String {
        var part = self[...]
        while part.first?.isWhitespace == true { part = part.dropFirst() }
        while part.last?.isWhitespace == true { part = part.dropLast() }
        return String(part)
    }
}
