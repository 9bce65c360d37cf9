import TransactionModel

// Rows of Protocol/codes.csv.

extension CodeTable {
  /// The codes of the rules of the format.
  static let formatEntries: [CodeEntry] = [
    CodeEntry(
      .frameLengthWrong, "FRAME_LENGTH_WRONG",
      english: DisplayText("FORMAT ERROR", "WRONG LENGTH"),
      spanish: DisplayText("ERROR DE FORMATO", "LONGITUD INCORRECTA"),
      textEnglish: "The request was longer or shorter than its kind must be. Nothing was changed.",
      textSpanish: "La solicitud era más larga o más corta de lo que debe ser. No se cambió nada.",
      clerkAction: """
        Write down the code and the field, and call the help desk: the terminal's software is at \
        fault.
        """,
      repeatHelps: .no),
    CodeEntry(
      .versionUnknown, "VERSION_UNKNOWN",
      english: DisplayText("FORMAT ERROR", "UNKNOWN VERSION"),
      spanish: DisplayText("ERROR DE FORMATO", "VERSION DESCONOCIDA"),
      textEnglish: """
        The terminal spoke a version of the protocol that the system does not know. Nothing was \
        changed.
        """,
      textSpanish: """
        La terminal usó una versión del protocolo que el sistema no conoce. No se cambió nada.
        """,
      clerkAction: "Call the help desk: the terminal needs other software.",
      repeatHelps: .no),
    CodeEntry(
      .messageTypeUnknown, "MESSAGE_TYPE_UNKNOWN",
      english: DisplayText("FORMAT ERROR", "UNKNOWN REQUEST"),
      spanish: DisplayText("ERROR DE FORMATO", "TIPO DESCONOCIDO"),
      textEnglish: """
        The terminal asked for something that the system does not know. Nothing was changed.
        """,
      textSpanish: "La terminal pidió algo que el sistema no conoce. No se cambió nada.",
      clerkAction: """
        Write down the code and the field, and call the help desk: the terminal's software is at \
        fault.
        """,
      repeatHelps: .no),
    CodeEntry(
      .flagUnknown, "FLAG_UNKNOWN",
      english: DisplayText("FORMAT ERROR", "UNKNOWN FLAG"),
      spanish: DisplayText("ERROR DE FORMATO", "INDICADOR INVALIDO"),
      textEnglish: """
        The request carried a mark that has no meaning for its kind. Nothing was changed.
        """,
      textSpanish: """
        La solicitud llevaba una marca que no tiene significado para su tipo. No se cambió nada.
        """,
      clerkAction: """
        Write down the code and the field, and call the help desk: the terminal's software is at \
        fault.
        """,
      repeatHelps: .no),
    CodeEntry(
      .reservedNotZero, "RESERVED_NOT_ZERO",
      english: DisplayText("FORMAT ERROR", "RESERVED NOT ZERO"),
      spanish: DisplayText("ERROR DE FORMATO", "RESERVADO NO CERO"),
      textEnglish: "The request had something in a place that must be empty. Nothing was changed.",
      textSpanish: "La solicitud tenía algo en un lugar que debe estar vacío. No se cambió nada.",
      clerkAction: """
        Write down the code and the field, and call the help desk: the terminal's software is at \
        fault.
        """,
      repeatHelps: .no),
    CodeEntry(
      .textMalformed, "TEXT_MALFORMED",
      english: DisplayText("FORMAT ERROR", "TEXT UNREADABLE"),
      spanish: DisplayText("ERROR DE FORMATO", "TEXTO ILEGIBLE"),
      textEnglish: "A text in the request could not be read. Nothing was changed.",
      textSpanish: "Un texto de la solicitud no se pudo leer. No se cambió nada.",
      clerkAction: """
        Correct what was typed and start a new transaction. If it was not typed, call the help \
        desk.
        """,
      repeatHelps: .no),
    CodeEntry(
      .textAlphabet, "TEXT_ALPHABET",
      english: DisplayText("FORMAT ERROR", "WRONG CHARACTERS"),
      spanish: DisplayText("ERROR DE FORMATO", "CARACTER INVALIDO"),
      textEnglish: """
        A number or text in the request has characters that may not be there. Nothing was changed.
        """,
      textSpanish: """
        Un número o texto de la solicitud tiene caracteres que no se permiten. No se cambió nada.
        """,
      clerkAction: """
        Correct what was typed and start a new transaction. If it was not typed, call the help \
        desk.
        """,
      repeatHelps: .no),
    CodeEntry(
      .dateImpossible, "DATE_IMPOSSIBLE",
      english: DisplayText("FORMAT ERROR", "NO SUCH DATE"),
      spanish: DisplayText("ERROR DE FORMATO", "FECHA INEXISTENTE"),
      textEnglish: "A date in the request does not exist. Nothing was changed.",
      textSpanish: "Una fecha de la solicitud no existe. No se cambió nada.",
      clerkAction: """
        Correct what was typed and start a new transaction. If it was not typed, call the help \
        desk.
        """,
      repeatHelps: .no),
    CodeEntry(
      .valueOutOfRange, "VALUE_OUT_OF_RANGE",
      english: DisplayText("FORMAT ERROR", "VALUE NOT ALLOWED"),
      spanish: DisplayText("ERROR DE FORMATO", "VALOR NO PERMITIDO"),
      textEnglish: """
        A value in the request is not one of those that are allowed. Nothing was changed.
        """,
      textSpanish: "Un valor de la solicitud no es uno de los permitidos. No se cambió nada.",
      clerkAction: """
        Correct what was typed and start a new transaction. If it was not typed, call the help \
        desk.
        """,
      repeatHelps: .no),
    CodeEntry(
      .absentNotZero, "ABSENT_NOT_ZERO",
      english: DisplayText("FORMAT ERROR", "ABSENT BUT FILLED"),
      spanish: DisplayText("ERROR DE FORMATO", "AUSENTE CON DATOS"),
      textEnglish: "The request left out a field and yet filled it. Nothing was changed.",
      textSpanish: "La solicitud omitió un campo y sin embargo lo llenó. No se cambió nada.",
      clerkAction: """
        Write down the code and the field, and call the help desk: the terminal's software is at \
        fault.
        """,
      repeatHelps: .no),
    CodeEntry(
      .requiredFieldAbsent, "REQUIRED_FIELD_ABSENT",
      english: DisplayText("FORMAT ERROR", "ANSWER MISSING"),
      spanish: DisplayText("ERROR DE FORMATO", "FALTA UN DATO"),
      textEnglish: """
        The form is not complete: an answer that it needs is missing. Nothing was changed.
        """,
      textSpanish: """
        El formulario no está completo: falta una respuesta necesaria. No se cambió nada.
        """,
      clerkAction: "Ask the client for the missing answer and start a new transaction.",
      repeatHelps: .no),
    CodeEntry(
      .checkDigitWrong, "CHECK_DIGIT_WRONG",
      english: DisplayText("CARD NUMBER WRONG", "SWIPE OR KEY AGAIN"),
      spanish: DisplayText("NUMERO INCORRECTO", "PASE LA TARJETA"),
      textEnglish: "The card number was read or typed wrong. Nothing was changed.",
      textSpanish: "El número de la tarjeta se leyó o se escribió mal. No se cambió nada.",
      clerkAction: "Swipe the card again, or compare each digit with the card and key it again.",
      repeatHelps: .no),
    CodeEntry(
      .clearNotAllowed, "CLEAR_NOT_ALLOWED",
      english: DisplayText("FORMAT ERROR", "MAY NOT BE BLANK"),
      spanish: DisplayText("ERROR DE FORMATO", "NO PUEDE BORRARSE"),
      textEnglish: """
        The request tried to empty a field that must have a value. Nothing was changed.
        """,
      textSpanish: """
        La solicitud intentó vaciar un campo que debe tener un valor. No se cambió nada.
        """,
      clerkAction: """
        Correct what was typed and start a new transaction. If it was not typed, call the help \
        desk.
        """,
      repeatHelps: .no),
    CodeEntry(
      .presenceBitUnknown, "PRESENCE_BIT_UNKNOWN",
      english: DisplayText("FORMAT ERROR", "UNKNOWN FIELD"),
      spanish: DisplayText("ERROR DE FORMATO", "CAMPO DESCONOCIDO"),
      textEnglish: "The request named a field that its kind does not have. Nothing was changed.",
      textSpanish: "La solicitud nombró un campo que su tipo no tiene. No se cambió nada.",
      clerkAction: """
        Write down the code and the field, and call the help desk: the terminal's software is at \
        fault.
        """,
      repeatHelps: .no),
  ]
}
