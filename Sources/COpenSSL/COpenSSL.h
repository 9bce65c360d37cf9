#ifndef COPENSSL_H
#define COPENSSL_H

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// Swift imports neither function-like macros nor variadic functions: each one that is used has a
// function here, and each option that is written with such a macro a constant.
//
// _GNU_SOURCE must not be defined here: see CLinux.h.

// MARK: TLS

static const uint64_t COpenSSL_OP_NO_TICKET = SSL_OP_NO_TICKET;
static const uint64_t COpenSSL_OP_NO_RENEGOTIATION = SSL_OP_NO_RENEGOTIATION;
static const uint64_t COpenSSL_OP_NO_COMPRESSION = SSL_OP_NO_COMPRESSION;
static const uint64_t COpenSSL_OP_CIPHER_SERVER_PREFERENCE = SSL_OP_CIPHER_SERVER_PREFERENCE;

static inline int COpenSSL_set_minimum_version(SSL_CTX *context, int version) {
    return (int)SSL_CTX_set_min_proto_version(context, version);
}

static inline int COpenSSL_set_maximum_version(SSL_CTX *context, int version) {
    return (int)SSL_CTX_set_max_proto_version(context, version);
}

static inline void COpenSSL_set_mode(SSL_CTX *context, long mode) {
    (void)SSL_CTX_set_mode(context, mode);
}

static inline void COpenSSL_set_read_ahead(SSL_CTX *context, int isOn) {
    (void)SSL_CTX_set_read_ahead(context, isOn);
}

static inline void COpenSSL_set_session_cache_off(SSL_CTX *context) {
    (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline int COpenSSL_set_groups(SSL_CTX *context, const char *names) {
    return (int)SSL_CTX_set1_groups_list(context, (char *)names);
}

static inline int COpenSSL_set_server_name(SSL *session, const char *name) {
    return (int)SSL_set_tlsext_host_name(session, (char *)name);
}

static inline int COpenSSL_reason_of(unsigned long code) { return ERR_GET_REASON(code); }

static inline int COpenSSL_is_tls_error(unsigned long code) {
    return ERR_GET_LIB(code) == ERR_LIB_SSL;
}

static inline int COpenSSL_is_key_mismatch(unsigned long code) {
    return ERR_GET_LIB(code) == ERR_LIB_X509
        && (ERR_GET_REASON(code) == X509_R_KEY_VALUES_MISMATCH
            || ERR_GET_REASON(code) == X509_R_KEY_TYPE_MISMATCH);
}

// MARK: Authentication codes

/// Gives an HMAC its digest, SHA-256, and its key.
static inline int COpenSSL_begin_hmac_sha256(
    EVP_MAC_CTX *context, const unsigned char *key, size_t byte_count) {
    OSSL_PARAM parameters[2] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_init(context, key, byte_count, parameters);
}

// MARK: Certificates

static inline EVP_PKEY *COpenSSL_generate_p256_key(void) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
}

/// The bytes gathered in a memory BIO, which keeps them.
static inline long COpenSSL_memory_of(BIO *bio, const unsigned char **bytes) {
    return BIO_get_mem_data(bio, (char **)bytes);
}

static inline int COpenSSL_name_count(const GENERAL_NAMES *names) {
    return sk_GENERAL_NAME_num(names);
}

/// The text of an alternative name if it is a URI, else NULL.
static inline const ASN1_STRING *COpenSSL_uri_at(const GENERAL_NAMES *names, int index) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    return name->type == GEN_URI ? name->d.uniformResourceIdentifier : NULL;
}

/// Appends an alternative name and takes over its value; 0 if memory ran out.
static inline int COpenSSL_append_name(GENERAL_NAMES *names, int type, ASN1_STRING *value) {
    GENERAL_NAME *name = GENERAL_NAME_new();
    if (name == NULL) return 0;
    GENERAL_NAME_set0_value(name, type, value);
    if (sk_GENERAL_NAME_push(names, name) > 0) return 1;
    GENERAL_NAME_free(name);
    return 0;
}

#endif
