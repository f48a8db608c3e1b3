#ifndef ION_CRYPTO_SHIM_H
#define ION_CRYPTO_SHIM_H
#include <openssl/evp.h>
#endif
