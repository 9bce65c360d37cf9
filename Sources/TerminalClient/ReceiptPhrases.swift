import TransactionModel

/// The fixed words of a receipt in one language.
///
/// They are read by the client and by whoever finds the paper: none names the services.
struct ReceiptPhrases: Sendable {
  let site: String
  let terminal: String
  let operatorID: String
  let traceNumber: String
  let card: String
  let dateOfService: String
  let firstDay: String
  let lastDay: String
  let daysLeft: String
  let renewal: String
  let incomeLimit: String
  let recordVersion: String
  let confirmation: String
  let reasons: String
  let hearingNotice: String
  let training: String
  let storedReply: String
  let original: String
  let otherCard: String
  let numberToUse: String
  let renewalWaiting: String
  let deactivationDue: String
  let decidedByHearing: String
  let changedBy: String
  let changedAt: String
  let retroactiveMonth: String
  let retroactiveOutcomes: [String]
  let serverTime: String
  let newestTraceNumber: String
  let field: String
  let retryAfter: String
  let verdicts: [Verdict: String]
  let titles: [MessageType: String]
  /// In the order of the bits of `FailedCriteria`.
  let criteria: [String]

  static func phrases(spanish: Bool) -> ReceiptPhrases { spanish ? .spanish : .english }

  func reasons(_ failed: FailedCriteria) -> [String] {
    criteria.indices.filter { failed.rawValue & 1 << UInt16($0) != 0 }.map { criteria[$0] }
  }
}

extension ReceiptPhrases {
  static let english = ReceiptPhrases(
    site: "Site", terminal: "Terminal", operatorID: "Operator", traceNumber: "STAN",
    card: "Card", dateOfService: "Date of service", firstDay: "Eligible from",
    lastDay: "Eligible through", daysLeft: "Days left", renewal: "Renewal from",
    incomeLimit: "Income limit a month", recordVersion: "Record version",
    confirmation: "Confirmation", reasons: "Reasons:",
    hearingNotice: "[ ] Fair hearing notice given", training: "*** TRAINING: NOT VALID ***",
    storedReply: "Copy of the first answer", original: "Original STAN",
    otherCard: "Perhaps the same client", numberToUse: "Number to use",
    renewalWaiting: "A renewed period waits.",
    deactivationDue: "No longer qualifies: deactivate.",
    decidedByHearing: "Decided by a fair hearing.", changedBy: "Changed by site",
    changedAt: "Changed", retroactiveMonth: "Month",
    retroactiveOutcomes: [
      "", "eligible", "not eligible",
    ],
    serverTime: "Server", newestTraceNumber: "Newest STAN", field: "Field",
    retryAfter: "Try again after",
    verdicts: [.approved: "APPROVED", .declined: "DECLINED", .failed: "NOT DONE"],
    titles: [
      .signOn: "SIGN-ON", .signOff: "SIGN-OFF", .echo: "ECHO", .inquiry: "INQUIRY",
      .activate: "ACTIVATION", .recertify: "RECERTIFICATION", .update: "UPDATE",
      .deactivate: "DEACTIVATION", .reverse: "REVERSAL", .last: "LAST ANSWER",
    ],
    criteria: [
      "does not live in California", "income above the limit", "no need for these services",
      "age outside the limits", "held in an institution", "covered by Medi-Cal",
      "covered by other insurance", "no income table for the date",
    ])

  static let spanish = ReceiptPhrases(
    site: "Sitio", terminal: "Terminal", operatorID: "Operador", traceNumber: "STAN",
    card: "Tarjeta", dateOfService: "Fecha del servicio", firstDay: "Elegible desde",
    lastDay: "Elegible hasta", daysLeft: "Días restantes", renewal: "Renovación desde",
    incomeLimit: "Límite de ingreso al mes", recordVersion: "Versión del registro",
    confirmation: "Confirmación", reasons: "Razones:",
    hearingNotice: "[ ] Aviso de audiencia entregado", training: "*** PRÁCTICA: SIN VALOR ***",
    storedReply: "Copia de la primera respuesta", original: "STAN original",
    otherCard: "Quizá el mismo cliente", numberToUse: "Número a usar",
    renewalWaiting: "Hay un período renovado en espera.",
    deactivationDue: "Ya no califica: desactivar.",
    decidedByHearing: "Decidido por una audiencia imparcial.", changedBy: "Cambiado por el sitio",
    changedAt: "Cambiado", retroactiveMonth: "Mes",
    retroactiveOutcomes: [
      "", "elegible", "no elegible",
    ],
    serverTime: "Servidor", newestTraceNumber: "Último STAN", field: "Campo",
    retryAfter: "Intente después de",
    verdicts: [.approved: "APROBADA", .declined: "NO APROBADA", .failed: "NO REALIZADA"],
    titles: [
      .signOn: "INICIO DE SESIÓN", .signOff: "FIN DE SESIÓN", .echo: "PRUEBA DE LÍNEA",
      .inquiry: "CONSULTA", .activate: "ACTIVACIÓN", .recertify: "RECERTIFICACIÓN",
      .update: "ACTUALIZACIÓN", .deactivate: "DESACTIVACIÓN", .reverse: "ANULACIÓN",
      .last: "ÚLTIMA RESPUESTA",
    ],
    criteria: [
      "no vive en California", "ingreso mayor que el límite", "sin necesidad de estos servicios",
      "edad fuera de los límites", "en una institución", "cubierto por Medi-Cal",
      "cubierto por otro seguro", "sin tabla de ingresos para la fecha",
    ])
}
